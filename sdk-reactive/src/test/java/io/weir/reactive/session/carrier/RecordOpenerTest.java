package io.weir.reactive.session.carrier;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.crypto.CipherSuite;
import io.weir.core.crypto.RecordCipher;
import io.weir.core.error.ErrorCode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecordOpenerTest {

    private final byte[] key = new byte[32];
    private final RecordBuffers buffers = new RecordBuffers();
    private final RecordSealer sealer = new RecordSealer(RecordCipher.sealing(CipherSuite.AESGCM, key));
    private final RecordOpener opener = new RecordOpener(RecordCipher.opening(CipherSuite.AESGCM, key), buffers);
    private final List<byte[]> opened = new ArrayList<>();
    private final List<Integer> lengths = new ArrayList<>();

    @Test
    void opensEveryRecordOfAChunk() {
        assertThat(opener.open(records(3), new Taking(true))).isNull();
        assertThat(lengths).containsExactly(9, 9, 9);
    }

    @Test
    void recordsThatAreKeptHaveArraysOfTheirOwn() {
        opener.open(records(3), new Taking(true));
        assertThat(opened).allMatch(array -> array.length == 9).doesNotHaveDuplicates();
    }

    @Test
    void recordsThatAreNotKeptShareOne() {
        opener.open(records(3), new Taking(false));
        opener.open(records(1), new Taking(false));
        assertThat(opened).hasSize(4).allMatch(array -> array == opened.get(0));
    }

    @Test
    void aSharedArrayIsNobodyElsesMeanwhile() {
        opener.open(records(1), new Taking(false) {
            @Override
            public @Nullable ErrorCode onRecord(byte[] array, int length, boolean own) {
                byte[] meanwhile = buffers.borrowPlaintext(length);
                assertThat(meanwhile).isNotSameAs(array);
                buffers.giveBack(meanwhile);
                return super.onRecord(array, length, own);
            }
        });
        assertThat(opened).hasSize(1);
    }

    @Test
    void stopsAtTheFirstError() {
        assertThat(opener.open(records(3), new Taking(true) {
                    @Override
                    public ErrorCode onRecord(byte[] array, int length, boolean own) {
                        return ErrorCode.PROTOCOL_VIOLATION;
                    }
                }))
                .isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
    }

    @Test
    void leavesAloneWhatFollowsTheRecordThatEndedTheSession() {
        ErrorCode error = opener.open(records(3), new Taking(true) {
            @Override
            public @Nullable ErrorCode onRecord(byte[] array, int length, boolean own) {
                opener.close();
                return super.onRecord(array, length, own);
            }
        });
        assertThat(error).isNull();
        assertThat(opened).hasSize(1);
        assertThat(opener.open(records(1), new Taking(true))).isNull();
        assertThat(opened).hasSize(1);
    }

    private class Taking implements RecordOpener.Sink {
        private final boolean keeps;

        Taking(boolean keeps) {
            this.keeps = keeps;
        }

        @Override
        public boolean keepsRecords() {
            return keeps;
        }

        @Override
        public @Nullable ErrorCode onRecord(byte[] array, int length, boolean own) {
            assertThat(own).isEqualTo(keeps);
            opened.add(array);
            lengths.add(length);
            return null;
        }
    }

    private ByteBuffer records(int count) {
        ByteBuffer chunk = ByteBuffer.allocate(1_000);
        RecordBuffer buffer = new RecordBuffer();
        for (int i = 0; i < count; i++) {
            buffer.record().reset();
            buffer.record().ping(i);
            chunk.put(sealer.seal(buffer));
        }
        return chunk.flip();
    }
}
