package io.weir.benchmarks.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GateTest {
    private final List<String> ran = new ArrayList<>();

    @Test
    void letsPassAtOnceWhatComesWhileItIsOpen() {
        Gate gate = Gate.opened();

        gate.whenOpen(() -> ran.add("a"));

        assertThat(gate.isOpen()).isTrue();
        assertThat(ran).containsExactly("a");
    }

    @Test
    void parksInOrderWhatComesWhileItIsClosed() {
        Gate gate = Gate.closed();
        gate.whenOpen(() -> ran.add("a"));
        gate.whenOpen(() -> ran.add("b"));
        assertThat(gate.isOpen()).isFalse();
        assertThat(ran).isEmpty();

        gate.open();

        assertThat(ran).containsExactly("a", "b");
    }

    @Test
    void runsWhatWasParkedOnce() {
        Gate gate = Gate.closed();
        gate.whenOpen(() -> ran.add("a"));
        gate.open();
        gate.close();

        gate.open();

        assertThat(ran).containsExactly("a");
    }

    @Test
    void mayBeClosedByWhatItLetsPass() {
        Gate gate = Gate.closed();
        gate.whenOpen(() -> {
            gate.close();
            gate.whenOpen(() -> ran.add("later"));
        });

        gate.open();
        assertThat(ran).isEmpty();

        gate.open();
        assertThat(ran).containsExactly("later");
    }
}
