package wirewatch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.elasticsearch.common.logging.LogConfigurator;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.http.HttpServerTransport;
import org.elasticsearch.node.ClasspathNode;
import org.elasticsearch.transport.netty4.Netty4Plugin;

/**
 * One node on a free loopback port, with its data in the folder that is named; prints `READY port`.
 * It ends with SIGTERM, and when its standard input ends: so it cannot outlive whoever started it.
 */
public final class Main {
    static final String CLUSTER = "wirewatch-tests";

    public static void main(String[] arguments) throws Exception {
        Path home = Path.of(arguments[0]);
        LogConfigurator.registerErrorListener();
        LogConfigurator.configureESLogging();
        LogConfigurator.configureWithoutConfig(Settings.builder().put("logger.level", "WARN").build());
        ClasspathNode node = new ClasspathNode(settings(home), List.of(Netty4Plugin.class, RootPlugin.class, AnalysisCommon.class));
        CountDownLatch gone = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            close(node, home);
            gone.countDown();
        }));
        node.start();
        HttpServerTransport http = node.injector().getInstance(HttpServerTransport.class);
        System.out.println("READY " + http.boundAddress().publishAddress().getPort());
        while (System.in.read() >= 0) { }
        System.exit(0);
    }

    private static Settings settings(Path home) {
        return Settings.builder()
            .put("cluster.name", CLUSTER).put("node.name", "test")
            .put("path.home", home.toString())
            .put("discovery.type", "single-node")
            .put("network.host", "127.0.0.1").put("http.port", "0").put("transport.port", "0")
            .put("node.processors", 2)
            .put("cluster.max_shards_per_node", 10_000)
            .put("indices.breaker.total.use_real_memory", false)
            .put("cluster.routing.allocation.disk.threshold_enabled", false)
            .build();
    }

    private static void close(ClasspathNode node, Path home) {
        try {
            node.close();
        } catch (IOException error) {
            error.printStackTrace();
        }
        try (Stream<Path> files = Files.walk(home)) {
            files.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
        } catch (IOException error) {
            error.printStackTrace();
        }
    }
}
