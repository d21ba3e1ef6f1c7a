package wirewatch;

import static org.elasticsearch.plugins.AnalysisPlugin.requiresAnalysisSettings;

import java.io.Reader;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.charfilter.MappingCharFilter;
import org.apache.lucene.analysis.charfilter.NormalizeCharMap;
import org.apache.lucene.analysis.core.TypeTokenFilter;
import org.apache.lucene.analysis.de.GermanNormalizationFilter;
import org.apache.lucene.analysis.es.SpanishLightStemFilter;
import org.apache.lucene.analysis.fr.FrenchLightStemFilter;
import org.apache.lucene.analysis.it.ItalianLightStemFilter;
import org.apache.lucene.analysis.miscellaneous.ASCIIFoldingFilter;
import org.apache.lucene.analysis.miscellaneous.LengthFilter;
import org.apache.lucene.analysis.miscellaneous.RemoveDuplicatesTokenFilter;
import org.apache.lucene.analysis.pattern.PatternReplaceFilter;
import org.apache.lucene.analysis.pt.PortugueseLightStemFilter;
import org.apache.lucene.analysis.ru.RussianLightStemFilter;
import org.apache.lucene.analysis.snowball.SnowballFilter;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.index.analysis.AbstractTokenFilterFactory;
import org.elasticsearch.index.analysis.CharFilterFactory;
import org.elasticsearch.index.analysis.NormalizingCharFilterFactory;
import org.elasticsearch.index.analysis.PreConfiguredTokenFilter;
import org.elasticsearch.index.analysis.TokenFilterFactory;
import org.elasticsearch.indices.analysis.AnalysisModule.AnalysisProvider;
import org.elasticsearch.plugins.AnalysisPlugin;
import org.elasticsearch.plugins.Plugin;
import org.tartarus.snowball.ext.DutchStemmer;
import org.tartarus.snowball.ext.EnglishStemmer;
import org.tartarus.snowball.ext.GermanStemmer;

/**
 * What Wirewatch uses of the module `analysis-common`, which is not on Maven Central, made from Lucene's own parts.
 * Names, settings and defaults are the module's.
 */
public final class AnalysisCommon extends Plugin implements AnalysisPlugin {
    private static final Pattern RULE = Pattern.compile("(.*)\\s*=>\\s*(.*)\\s*$");
    private static final Pattern ESCAPE = Pattern.compile("\\\\u([0-9a-fA-F]{4})");

    @Override
    public Map<String, AnalysisProvider<CharFilterFactory>> getCharFilters() {
        return Map.of("mapping", requiresAnalysisSettings((index, environment, name, settings) -> mapping(name, settings)));
    }

    @Override
    public Map<String, AnalysisProvider<TokenFilterFactory>> getTokenFilters() {
        Map<String, AnalysisProvider<TokenFilterFactory>> filters = new HashMap<>();
        filters.put("asciifolding", (index, environment, name, settings) -> folding(name, settings));
        filters.put("german_normalization", (index, environment, name, settings) -> filter(name, GermanNormalizationFilter::new, true));
        filters.put("lowercase", (index, environment, name, settings) -> filter(name, LowerCaseFilter::new, true));
        filters.put("remove_duplicates", (index, environment, name, settings) -> filter(name, RemoveDuplicatesTokenFilter::new, false));
        filters.put("stemmer", requiresAnalysisSettings((index, environment, name, settings) -> stemmer(name, settings)));
        filters.put("length", requiresAnalysisSettings((index, environment, name, settings) -> length(name, settings)));
        filters.put("keep_types", requiresAnalysisSettings((index, environment, name, settings) -> types(name, settings)));
        filters.put("pattern_replace", requiresAnalysisSettings((index, environment, name, settings) -> replacing(name, settings)));
        return filters;
    }

    @Override
    public List<PreConfiguredTokenFilter> getPreConfiguredTokenFilters() {
        return List.of(
            PreConfiguredTokenFilter.singleton("asciifolding", true, ASCIIFoldingFilter::new),
            PreConfiguredTokenFilter.singleton("german_normalization", true, GermanNormalizationFilter::new),
            PreConfiguredTokenFilter.singleton("remove_duplicates", false, RemoveDuplicatesTokenFilter::new));
    }

    private static CharFilterFactory mapping(String name, Settings settings) {
        NormalizeCharMap.Builder builder = new NormalizeCharMap.Builder();
        for (String rule : settings.getAsList("mappings")) {
            Matcher parts = RULE.matcher(rule);
            if (parts.find() == false) {
                throw new IllegalArgumentException("Invalid Mapping Rule : [" + rule + "]");
            }
            builder.add(unescaped(parts.group(1).trim()), unescaped(parts.group(2).trim()));
        }
        NormalizeCharMap map = builder.build();
        return new NormalizingCharFilterFactory() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Reader create(Reader reader) {
                return new MappingCharFilter(map, reader);
            }
        };
    }

    private static String unescaped(String text) {
        return ESCAPE.matcher(text).replaceAll(found -> Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(found.group(1), 16))));
    }

    private static TokenFilterFactory folding(String name, Settings settings) {
        boolean keep = settings.getAsBoolean("preserve_original", false);
        return new AbstractTokenFilterFactory(name) {
            @Override
            public TokenStream create(TokenStream words) {
                return new ASCIIFoldingFilter(words, keep);
            }

            @Override
            public TokenStream normalize(TokenStream words) {
                return new ASCIIFoldingFilter(words);
            }
        };
    }

    private static TokenFilterFactory stemmer(String name, Settings settings) {
        String language = settings.get("language", settings.get("name", "porter"));
        Function<TokenStream, TokenStream> stem = switch (language.toLowerCase(Locale.ROOT)) {
            case "porter2" -> words -> new SnowballFilter(words, new EnglishStemmer());
            case "german" -> words -> new SnowballFilter(words, new GermanStemmer());
            case "light_french" -> FrenchLightStemFilter::new;
            case "light_spanish" -> SpanishLightStemFilter::new;
            case "light_italian" -> ItalianLightStemFilter::new;
            case "light_portuguese" -> PortugueseLightStemFilter::new;
            case "light_russian" -> RussianLightStemFilter::new;
            case "dutch" -> words -> new SnowballFilter(words, new DutchStemmer());
            default -> throw new IllegalArgumentException("the test node has no stemmer for [" + language + "]");
        };
        return filter(name, stem, false);
    }

    private static TokenFilterFactory length(String name, Settings settings) {
        int least = settings.getAsInt("min", 0);
        int most = settings.getAsInt("max", Integer.MAX_VALUE);
        return filter(name, words -> new LengthFilter(words, least, most), false);
    }

    private static TokenFilterFactory types(String name, Settings settings) {
        Set<String> types = new HashSet<>(settings.getAsList("types"));
        boolean include = settings.get("mode", "include").equals("include");
        return filter(name, words -> new TypeTokenFilter(words, types, include), false);
    }

    private static TokenFilterFactory replacing(String name, Settings settings) {
        Pattern pattern = Pattern.compile(settings.get("pattern"));
        String replacement = settings.get("replacement", "");
        boolean all = settings.getAsBoolean("all", true);
        return filter(name, words -> new PatternReplaceFilter(words, pattern, replacement, all), true);
    }

    private static TokenFilterFactory filter(String name, Function<TokenStream, TokenStream> make, boolean normalizing) {
        return new AbstractTokenFilterFactory(name) {
            @Override
            public TokenStream create(TokenStream words) {
                return make.apply(words);
            }

            @Override
            public TokenStream normalize(TokenStream words) {
                return normalizing ? make.apply(words) : words;
            }
        };
    }
}
