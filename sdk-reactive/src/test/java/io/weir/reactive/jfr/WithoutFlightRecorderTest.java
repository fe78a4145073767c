package io.weir.reactive.jfr;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.peer.PeerAddress;
import io.weir.reactive.NodeObserver;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A JVM without the module jdk.jfr, as one that was linked for one application may be. */
class WithoutFlightRecorderTest {

    private static final int PATIENCE_SECONDS = 60;

    @TempDir
    private Path folder;

    @Test
    void theObserverDoesNothing() throws IOException, InterruptedException {
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "--limit-modules",
                        "java.base",
                        "-cp",
                        System.getProperty("java.class.path"),
                        InOwnJvm.class.getName()))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly().onExit().join();
        }
        assertThat(Files.readString(output, StandardCharsets.UTF_8)).contains("no recorder", "told");
    }

    /** Says what happens there. */
    static final class InOwnJvm {

        private InOwnJvm() {}

        public static void main(String[] args) {
            System.out.println(ModuleLayer.boot().findModule("jdk.jfr").isPresent() ? "a recorder" : "no recorder");
            FlightRecording.observer().onDial(new NodeObserver.Dial(1, PeerAddress.memory("x"), 1, null));
            System.out.println("told");
        }
    }
}
