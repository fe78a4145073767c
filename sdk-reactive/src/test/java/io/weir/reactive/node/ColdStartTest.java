package io.weir.reactive.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.Weir;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.PeerEvent;
import io.weir.reactive.PeerNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The first session of a JVM of its own that has just started. */
class ColdStartTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final String LISTENING = "LISTENING ";
    private static final String ACCEPTED = "io.weir.reactive.transport.tcp.TcpLink ";
    private static final String READY = "READY";

    /** What is loaded then is loaded on the handshake's time, which two cold processes on busy cores did not have. */
    @Test
    void fewClassesAreLoadedBetweenAcceptingTheFirstConnectionAndItsSession() throws Exception {
        List<String> loaded = new ArrayList<>();
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xlog:class+load=info:stdout:none",
                        "-cp",
                        System.getProperty("java.class.path"),
                        InOwnJvm.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        PeerNode node = Weir.node().startNow(PATIENCE);
        try (BufferedReader log =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            node.connectNow(PeerAddress.parse(until(LISTENING, log, new ArrayList<>())), PATIENCE);
            until(READY, log, loaded);
        } finally {
            node.dispose();
            process.destroyForcibly().onExit().join();
        }

        assertThat(loaded).hasSizeLessThan(20);
    }

    /** The rest of the line that begins so; those before it are kept. */
    private static String until(String mark, BufferedReader log, List<String> before) throws IOException {
        for (String line = log.readLine(); line != null; line = log.readLine()) {
            if (line.startsWith(mark)) {
                return line.substring(mark.length());
            }
            before.add(line);
        }
        throw new AssertionError("'" + mark + "' never came; there were " + before);
    }

    /** Listens until it is ended. */
    static final class InOwnJvm {

        private InOwnJvm() {}

        public static void main(String[] args) throws Exception {
            PeerNode node = Weir.node()
                    .listen(PeerAddress.tcp("127.0.0.1", 0))
                    .onEvent(event -> {
                        if (event instanceof PeerEvent.ConnectionReady) {
                            System.out.println(READY);
                        }
                    })
                    .startNow(PATIENCE);
            System.out.println(LISTENING + node.addresses().get(0));
            System.in.read();
        }
    }
}
