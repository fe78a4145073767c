package io.weir.benchmarks.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnvironmentTest {
    @Test
    void readsVersionsFromJarNames() {
        String classPath = "/r/netty-transport-4.2.18.Final.jar:/r/netty-transport-native-epoll-4.2.0.Final.jar"
                + ":/r/netty-tcnative-boringssl-static-2.0.84.Final-linux-x86_64.jar:/r/rsocket-core-1.1.5.jar";

        assertThat(Environment.versions(classPath))
                .containsExactly(
                        entry("netty-transport", "4.2.18.Final"),
                        entry("netty-tcnative-boringssl-static", "2.0.84.Final"),
                        entry("rsocket-core", "1.1.5"));
    }

    @Test
    void describesThisMachine() {
        assertThat(Environment.machine().cores()).isPositive();
        assertThat(Environment.machine().memoryBytes()).isPositive();
        assertThat(Environment.machine().cpu()).isNotBlank();
    }

    @Test
    void refusesMoreProcessesThanThereIsMemoryFor() {
        Environment.requireMemory(8, 8L << 30);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Environment.requireMemory(10, 8L << 30))
                .withMessageContaining("peers that run at once = 5, legal: up to 4");
    }

    @Test
    void readsTheMemoryThatIsAvailable(@TempDir Path directory) throws IOException {
        Path memInfo = Files.writeString(
                directory.resolve("meminfo"), "MemTotal:       24684192 kB\nMemAvailable:   21365348 kB\n");

        assertThat(Environment.availableBytes(memInfo)).isEqualTo(21_365_348L * 1024);
        assertThat(Environment.availableBytes(directory.resolve("none"))).isEqualTo(Long.MAX_VALUE);
    }
}
