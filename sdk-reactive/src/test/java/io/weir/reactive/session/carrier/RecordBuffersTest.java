package io.weir.reactive.session.carrier;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class RecordBuffersTest {

    private final RecordBuffers buffers = new RecordBuffers();

    @Test
    void isEmptyAndUsedAgain() {
        RecordBuffer first = buffers.borrow();
        first.record().ping(1);
        buffers.giveBack(first);
        RecordBuffer again = buffers.borrow();
        assertThat(again).isSameAs(first);
        assertThat(again.record().isEmpty()).isTrue();
        buffers.giveBack(again);
    }

    @Test
    void isNobodyElsesMeanwhile() {
        RecordBuffer outer = buffers.borrow();
        RecordBuffer inner = buffers.borrow();
        assertThat(inner).isNotSameAs(outer);
        assertThat(CompletableFuture.supplyAsync(buffers::borrow).join()).isNotIn(outer, inner);
        buffers.giveBack(inner);
        buffers.giveBack(outer);
    }

    @Test
    void fewAreKept() {
        List<RecordBuffer> borrowed = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            borrowed.add(buffers.borrow());
        }
        borrowed.forEach(buffers::giveBack);
        List<RecordBuffer> again = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            again.add(buffers.borrow());
        }
        assertThat(again.stream().filter(borrowed::contains)).hasSize(2);
        again.forEach(buffers::giveBack);
    }
}
