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
    private final RecordSealer sealer = new RecordSealer(RecordCipher.sealing(CipherSuite.AESGCM, key));
    private final RecordOpener opener = new RecordOpener(RecordCipher.opening(CipherSuite.AESGCM, key));
    private final List<Integer> opened = new ArrayList<>();

    @Test
    void opensEveryRecordOfAChunk() {
        assertThat(opener.open(records(3), this::take)).isNull();
        assertThat(opened).containsExactly(9, 9, 9);
    }

    @Test
    void stopsAtTheFirstError() {
        assertThat(opener.open(records(3), plaintext -> ErrorCode.PROTOCOL_VIOLATION))
                .isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
    }

    @Test
    void leavesAloneWhatFollowsTheRecordThatEndedTheSession() {
        ErrorCode error = opener.open(records(3), plaintext -> {
            opener.close();
            return take(plaintext);
        });
        assertThat(error).isNull();
        assertThat(opened).hasSize(1);
        assertThat(opener.open(records(1), this::take)).isNull();
        assertThat(opened).hasSize(1);
    }

    private @Nullable ErrorCode take(byte[] plaintext) {
        opened.add(plaintext.length);
        return null;
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
