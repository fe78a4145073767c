package io.weir.reactive.session.carrier;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.crypto.CipherSuite;
import io.weir.core.crypto.RecordCipher;
import io.weir.core.error.ErrorCode;
import io.weir.core.wire.RecordFraming;
import io.weir.reactive.transport.FrameSink;
import io.weir.reactive.transport.Lane;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The inbound chain, from the bytes of a link to the frames of its records. */
class RecordChainTest {

    private static final int PLAINTEXT_BYTES = 9;

    private final byte[] key = new byte[32];
    private final RecordBuffers buffers = new RecordBuffers();
    private final RecordSealer sealer = new RecordSealer(RecordCipher.sealing(CipherSuite.AESGCM, key));
    private final RecordCipher receiving = RecordCipher.opening(CipherSuite.AESGCM, key);
    private final Session session = new Session();
    private final InboundGate gate = new InboundGate(session);
    private final RecordBytes link = chain();

    @Test
    void opensEveryRecordOfAChunk() {
        link.onBytes(records(3));
        assertThat(session.lengths).containsExactly(PLAINTEXT_BYTES, PLAINTEXT_BYTES, PLAINTEXT_BYTES);
    }

    @Test
    void putsTogetherARecordThatComesByteByByte() {
        ByteBuffer bytes = records(1);
        while (bytes.hasRemaining()) {
            link.onBytes(ByteBuffer.wrap(new byte[] {bytes.get()}));
        }
        assertThat(session.lengths).containsExactly(PLAINTEXT_BYTES);
    }

    @Test
    void recordsThatAreKeptHaveArraysOfTheirOwn() {
        session.keeps = true;
        link.onBytes(records(3));
        assertThat(session.arrays)
                .hasSize(3)
                .allMatch(array -> array.length == PLAINTEXT_BYTES)
                .doesNotHaveDuplicates();
    }

    @Test
    void recordsThatAreNotKeptShareOne() {
        link.onBytes(records(3));
        link.onBytes(records(1));
        assertThat(session.arrays).hasSize(4).allMatch(array -> array == session.arrays.get(0));
    }

    @Test
    void aSharedArrayIsNobodyElsesMeanwhile() {
        session.onEach = array -> {
            byte[] meanwhile = buffers.borrowPlaintext(PLAINTEXT_BYTES);
            assertThat(meanwhile).isNotSameAs(array);
            buffers.giveBack(meanwhile);
            return true;
        };
        link.onBytes(records(1));
        assertThat(session.arrays).hasSize(1);
    }

    @Test
    void eachRecordIsASignOfLifeBeforeItsFramesAreHeard() {
        link.onBytes(records(2));
        assertThat(session.events).containsExactly("input", "alive 9", "frames", "alive 9", "frames");
    }

    @Test
    void bytesThatAreNoRecordYetAreNoSignOfLife() {
        ByteBuffer bytes = records(1);
        link.onBytes(bytes.limit(bytes.limit() - 1));
        assertThat(session.events).containsExactly("input");
    }

    @Test
    void nothingIsTakenBehindABrokenRule() {
        session.onEach = array -> false;
        ByteBuffer chunk = records(3);
        link.onBytes(chunk);
        link.onBytes(records(1));
        assertThat(session.arrays).hasSize(1);
        assertThat(chunk.hasRemaining()).isFalse();
    }

    @Test
    void aForgedRecordEndsTheSessionAndIsNoSignOfLife() {
        ByteBuffer forged = records(1);
        forged.put(forged.limit() - 1, (byte) ~forged.get(forged.limit() - 1));
        link.onBytes(forged);
        assertThat(session.events).containsExactly("input", "DECRYPTION_FAILED ");
    }

    @Test
    void aRecordThatIsTooShortEndsTheSession() {
        link.onBytes(ByteBuffer.wrap(new byte[] {0, RecordFraming.MIN_RECORD - 1, 1, 2, 3}));
        assertThat(session.events).containsExactly("input", "MALFORMED_FRAME a record of less than 17 bytes");
    }

    @Test
    void theEndOfTheLinkIsHeardBehindABrokenRule() {
        session.onEach = array -> false;
        link.onBytes(records(2));
        link.onLinkEnd(null);
        assertThat(session.events).endsWith("ended");
    }

    @Test
    void anEndBetweenTwoRecordsIsToldFromOneThatCutsARecordOff() {
        ByteBuffer bytes = records(2);
        link.onBytes(bytes.limit(bytes.limit() - 1));
        link.onLinkEnd(null);
        assertThat(session.events).endsWith("frames", "broke it ended within a record");
    }

    @Test
    void anEndBehindAWholeRecordIsOne() {
        link.onBytes(records(2));
        link.onLinkEnd(null);
        assertThat(session.events).endsWith("frames", "ended");
    }

    @Test
    void aBrokenLinkIsHeard() {
        link.onLinkEnd(new IOException("reset"));
        assertThat(session.events).containsExactly("broke reset");
    }

    @Test
    void leavesAloneWhatFollowsTheRecordInWhichItWasClosed() {
        session.onEach = array -> {
            gate.shut();
            receiving.close();
            return true;
        };
        link.onBytes(records(3));
        link.onBytes(records(1));
        assertThat(session.arrays).hasSize(1);
        assertThat(session.events).doesNotContain("DECRYPTION_FAILED ");
    }

    private RecordBytes chain() {
        RecordBytes bytes = new RecordBytes(session, gate);
        RecordCarrier.inbound(bytes, RecordFraming.records(), receiving, buffers, session, gate);
        return bytes;
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

    /** Notes what it is told. */
    private static final class Session implements FrameSink {
        private final List<byte[]> arrays = new ArrayList<>();
        private final List<Integer> lengths = new ArrayList<>();
        private final List<String> events = new ArrayList<>();
        private Predicate<byte[]> onEach = array -> true;
        private boolean keeps;

        @Override
        public void onInput() {
            events.add("input");
        }

        @Override
        public void onHeard(int bytes) {
            events.add("alive " + bytes);
        }

        @Override
        public boolean keepsFrames() {
            return keeps;
        }

        @Override
        public boolean onFrames(Lane lane, byte[] array, int length, boolean own) {
            assertThat(own).isEqualTo(keeps);
            assertThat(lane).isEqualTo(Lane.MERGED);
            events.add("frames");
            arrays.add(array);
            lengths.add(length);
            return onEach.test(array);
        }

        @Override
        public void onViolation(ErrorCode error, String problem) {
            events.add(error + " " + problem);
        }

        @Override
        public void onFlushed() {
            events.add("flushed");
        }

        @Override
        public void onLost(@Nullable Throwable failure) {
            events.add(failure == null ? "ended" : "broke " + failure.getMessage());
        }

        @Override
        public void onDefect(Throwable defect) {
            throw new AssertionError(defect);
        }
    }
}
