package io.weir.benchmarks.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import org.junit.jupiter.api.Test;

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
}
