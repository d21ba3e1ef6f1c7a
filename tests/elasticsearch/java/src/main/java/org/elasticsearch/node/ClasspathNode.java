package org.elasticsearch.node;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.plugins.ClasspathPluginsService;
import org.elasticsearch.plugins.Plugin;
import org.elasticsearch.plugins.PluginsLoader;
import org.elasticsearch.plugins.PluginsService;

/**
 * A node whose plugins come from the class path. It is built without the server's launcher, hence without entitlements.
 * It stands in this package because NodeConstruction is visible here alone: look at it again with every new version.
 */
public final class ClasspathNode extends Node {
    public ClasspathNode(Settings settings, List<Class<? extends Plugin>> plugins) {
        super(NodeConstruction.prepareConstruction(new Environment(settings, null), noModules(), services(plugins), true));
    }

    private static PluginsLoader noModules() {
        return PluginsLoader.createPluginsLoader(Set.of(), Set.of(), Map.of(), false);
    }

    private static NodeServiceProvider services(List<Class<? extends Plugin>> plugins) {
        return new NodeServiceProvider() {
            @Override
            PluginsService newPluginService(Environment environment, PluginsLoader loader) {
                return new ClasspathPluginsService(environment.settings(), loader, plugins);
            }
        };
    }
}
