package io.weir.reactive.serial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SerialDrainTest {

    private final List<String> log = new ArrayList<>();
    private int depth;
    private SerialDrain drain = new SerialDrain(() -> {});

    @Test
    void doesWhatIsAskedFromWithinAfterwardsAndOnceForAllWhoAsked() {
        drain = new SerialDrain(() -> {
            depth++;
            log.add("depth " + depth);
            if (log.size() == 1) {
                assertThat(drain.drain()).as("done by the one below").isFalse();
                assertThat(drain.drain()).isFalse();
            }
            depth--;
        });

        assertThat(drain.drain()).isTrue();

        assertThat(log).containsExactly("depth 1", "depth 1");
    }

    @Test
    void isIdleAgainAfterWorkThatThrows() {
        drain = new SerialDrain(() -> {
            log.add("work");
            if (log.size() == 1) {
                drain.drain();
                throw new IllegalStateException("once");
            }
        });

        assertThatThrownBy(drain::drain).hasMessage("once");
        assertThat(drain.drain()).as("nobody is at work").isTrue();

        assertThat(log).containsExactly("work", "work");
    }

    @Test
    void runsTasksInTheOrderOfTheirComing() {
        SerialTasks tasks = new SerialTasks();

        boolean ran = tasks.run(() -> {
            log.add("first");
            assertThat(tasks.run(() -> log.add("from within"))).isFalse();
            log.add("first, to its end");
        });

        assertThat(ran).isTrue();
        assertThat(log).containsExactly("first", "first, to its end", "from within");
    }

    @Test
    void keepsTheTasksBehindOneThatThrowsForTheNext() {
        SerialTasks tasks = new SerialTasks();
        assertThatThrownBy(() -> tasks.run(() -> {
                    tasks.run(() -> log.add("behind"));
                    throw new IllegalStateException("first");
                }))
                .hasMessage("first");
        assertThat(log).isEmpty();

        assertThat(tasks.run(() -> log.add("next"))).isTrue();

        assertThat(log).containsExactly("behind", "next");
    }
}
