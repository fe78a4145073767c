package io.weir.reactive.session.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PayloadReservationsTest {

    private final NodeMemory memory = new NodeMemory(200);
    private final PayloadReservations payloads = new PayloadReservations(memory);
    private final List<String> granted = new ArrayList<>();

    @Test
    void grantsAtOnceWhatFits() {
        payloads.reserve(60, () -> granted.add("a"));
        assertThat(granted).containsExactly("a");
        assertThat(memory.reserved()).isEqualTo(60);
    }

    @Test
    void aSmallerOneMayPassTheFirstThatDoesNotFit() {
        payloads.reserve(60, () -> granted.add("a"));
        payloads.reserve(60, () -> granted.add("b"));
        payloads.reserve(10, () -> granted.add("c"));
        assertThat(granted).containsExactly("a", "c");
        assertThat(payloads.othersWait()).isTrue();
        payloads.release(60);
        assertThat(granted).containsExactly("a", "c", "b");
        assertThat(memory.reserved()).isEqualTo(70);
        assertThat(payloads.othersWait()).isFalse();
    }

    @Test
    void aCancelledOneLetsTheNextThrough() {
        payloads.reserve(60, () -> granted.add("a"));
        PayloadReservations.Request b = payloads.reserve(60, () -> granted.add("b"));
        payloads.reserve(50, () -> granted.add("c"));
        assertThat(granted).containsExactly("a");
        payloads.release(10); // of the window of a, say
        payloads.cancel(b);
        assertThat(granted).containsExactly("a", "c");
        assertThat(payloads.othersWait()).isFalse();
    }

    @Test
    void grantsTheFirstWhenMemoryThatNoPayloadHeldIsFreed() {
        memory.tryReserve(190);
        payloads.reserve(60, () -> granted.add("a"));
        memory.release(20);
        assertThat(granted).isEmpty();
        memory.release(30);
        assertThat(granted).containsExactly("a");
        assertThat(memory.reserved()).isEqualTo(200);
    }
}
