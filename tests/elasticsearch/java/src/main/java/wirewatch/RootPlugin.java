package wirewatch;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.elasticsearch.Build;
import org.elasticsearch.client.internal.node.NodeClient;
import org.elasticsearch.cluster.node.DiscoveryNodes;
import org.elasticsearch.features.NodeFeature;
import org.elasticsearch.plugins.ActionPlugin;
import org.elasticsearch.plugins.Plugin;
import org.elasticsearch.rest.BaseRestHandler;
import org.elasticsearch.rest.RestHandler;
import org.elasticsearch.rest.RestRequest;
import org.elasticsearch.rest.RestResponse;
import org.elasticsearch.rest.RestStatus;
import org.elasticsearch.xcontent.XContentBuilder;

/** GET / and HEAD /, which a full server has from a module that is not in the core. */
public final class RootPlugin extends Plugin implements ActionPlugin {
    @Override
    public Collection<RestHandler> getRestHandlers(
        RestHandlersServices services, Supplier<DiscoveryNodes> nodes, Predicate<NodeFeature> features
    ) {
        return List.of(new Root(nodes));
    }

    private static final class Root extends BaseRestHandler {
        private final Supplier<DiscoveryNodes> nodes;

        Root(Supplier<DiscoveryNodes> nodes) {
            this.nodes = nodes;
        }

        @Override
        public String getName() {
            return "root";
        }

        @Override
        public List<Route> routes() {
            return List.of(new Route(RestRequest.Method.GET, "/"), new Route(RestRequest.Method.HEAD, "/"));
        }

        @Override
        protected RestChannelConsumer prepareRequest(RestRequest request, NodeClient client) {
            return channel -> channel.sendResponse(new RestResponse(RestStatus.OK, told(channel.newBuilder())));
        }

        private XContentBuilder told(XContentBuilder builder) throws IOException {
            Build build = Build.current();
            builder.startObject().field("name", nodes.get().getLocalNode().getName()).field("cluster_name", Main.CLUSTER);
            builder.startObject("version").field("number", build.qualifiedVersion()).field("build_flavor", build.flavor());
            return builder.endObject().field("tagline", "You Know, for Search").endObject();
        }
    }
}
