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

    @Test
    void plaintextsAreUsedAgainUntilTheyAreTrimmed() {
        byte[] first = buffers.borrowPlaintext(100);
        buffers.giveBack(first);
        assertThat(buffers.borrowPlaintext(200)).isSameAs(first);
        buffers.giveBack(first);

        buffers.trim();
        assertThat(buffers.borrowPlaintext(100)).isNotSameAs(first);
    }

    @Test
    void aPlaintextHasRoomForItsRecordAndLittleMore() {
        for (int length : new int[] {1, 2, 511, 512, 513, 32_768, 32_769, 65_519}) {
            byte[] plaintext = buffers.borrowPlaintext(length);
            assertThat(plaintext).hasSizeBetween(length, Math.max(512, 2 * length));
            buffers.giveBack(plaintext);
        }
    }
}
