package org.elasticsearch.plugins;

import java.util.List;
import org.elasticsearch.Version;
import org.elasticsearch.common.settings.Settings;

/** Plugins from the class path. It stands in this package because LoadedPlugin is visible here alone. */
public final class ClasspathPluginsService extends PluginsService {
    private final List<LoadedPlugin> loaded;

    public ClasspathPluginsService(Settings settings, PluginsLoader loader, List<Class<? extends Plugin>> classes) {
        super(settings, null, loader);
        loaded = classes.stream().map(each -> load(each, settings)).toList();
        loadExtensions(loaded);
    }

    /** The constructor of the class above asks before the field is set. */
    @Override
    protected List<LoadedPlugin> plugins() {
        return loaded == null ? List.of() : loaded;
    }

    private LoadedPlugin load(Class<? extends Plugin> plugin, Settings settings) {
        String version = Version.CURRENT.toString();
        PluginDescriptor described = new PluginDescriptor(plugin.getSimpleName(), "from the class path", version, version, "21",
            plugin.getName(), null, List.of(), false, false, false, false, PluginDescriptor.DeploymentTarget.ALL);
        return new LoadedPlugin(described, loadPlugin(plugin, settings, null), plugin.getClassLoader());
    }
}
