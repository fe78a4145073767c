package io.weir.samples.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

final class TracingTest {

    @Test
    void theIdOfWhoAsksIsSeenAtBothNodesBehind() {
        List<String> log = new CopyOnWriteArrayList<>();

        Tracing.runNow(log::add);

        assertThat(log)
                .containsExactly(
                        "[7f3a] shop price begins",
                        "[7f3a] warehouse stock begins",
                        "[7f3a] warehouse counts chairs",
                        "[7f3a] warehouse stock ends: SUCCESS",
                        "[7f3a] shop price ends: SUCCESS",
                        "[7f3a] client was told: 42, 3 left",
                        "[b2c9] shop price begins",
                        "[b2c9] warehouse stock begins",
                        "[b2c9] warehouse counts chairs",
                        "[b2c9] warehouse stock ends: SUCCESS",
                        "[b2c9] shop price ends: SUCCESS",
                        "[b2c9] client was told: 42, 3 left");
    }
}
