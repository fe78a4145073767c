package io.weir.spring.discovery;

import io.weir.reactive.discovery.ChildServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** A true ZooKeeper, Debian's, as a child process on loopback that keeps its data in a folder of the test's. */
final class Zookeeper extends ChildServer {

    private static final Path JAR = Path.of("/usr/share/java/zookeeper.jar");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Path settings;
    private final int port;

    private Zookeeper(Path folder) throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        settings = folder.resolve("zoo.cfg");
        Files.write(
                settings,
                List.of(
                        "tickTime=250", // sessions of half a second to 5 s
                        "dataDir=" + folder.resolve("data"),
                        "clientPort=" + port,
                        "clientPortAddress=127.0.0.1",
                        "admin.enableServer=false"));
    }

    /** Not running yet. */
    static Zookeeper in(Path folder) throws IOException {
        return new Zookeeper(folder);
    }

    static boolean isInstalled() {
        return Files.isReadable(JAR);
    }

    String address() {
        return "127.0.0.1:" + port;
    }

    /** Starts it, with what it knew; returns when it takes connections. */
    Zookeeper start() throws IOException {
        started(new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        JAR.toString(),
                        "org.apache.zookeeper.server.ZooKeeperServerMain",
                        settings.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD));
        Mono.fromCallable(this::connected)
                .retryWhen(Retry.fixedDelay(Long.MAX_VALUE, Duration.ofMillis(50)))
                .block(PATIENCE);
        return this;
    }

    private boolean connected() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        }
    }
}
