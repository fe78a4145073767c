package io.weir.samples.cli;

import io.netty.handler.codec.quic.Quic;
import io.weir.Weir;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerNodeSpec;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Does in one process what commands do, so that the JVM loads their classes and can put them into an archive: help, pings over
 * each transport, a file, and the help of each command. The start script runs it after a build.
 */
public final class ArchiveTraining {

    private static final String HOST = "127.0.0.1";
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private ArchiveTraining() {}

    /** Ends with 0 if all of it went well. */
    public static void main(String[] args) {
        PeerNodeSpec spec = Weir.node().listen(PeerAddress.tcp(HOST, 0)).listen(PeerAddress.udp(HOST, 0));
        PeerNode node = (Quic.isAvailable() ? spec.listen(PeerAddress.quic(HOST, 0)) : spec).startNow(TIMEOUT);
        int failed = run("--help") + run("demo", "--megabytes", "1");
        for (PeerAddress address : node.addresses()) {
            failed += run("ping", address.toString(), "--count", "2");
        }
        for (ToolCommand command : ToolCommand.values()) {
            failed += run(command.word(), "--help");
        }
        node.dispose();
        System.exit(failed);
    }

    private static int run(String... args) {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
        return Main.run(new Console(InputStream.nullInputStream(), nowhere, nowhere, onInterrupt -> {}), args);
    }
}
