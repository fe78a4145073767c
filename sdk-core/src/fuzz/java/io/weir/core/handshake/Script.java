package io.weir.core.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.crypto.CipherSuite;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.Origin;
import io.weir.core.handshake.HandshakeResult.Established;
import io.weir.core.handshake.HandshakeResult.Failed;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What an input makes of a handshake's bytes. Its first byte says how many units of the peer are genuine, whether there is
 * a network key, and whether the rest of the input stands in place of the next unit or is added to its bytes.
 *
 * <pre>
 *   bits 0, 1   genuine units before the altered one
 *   bit 2       a network key on both sides
 *   bit 3       the rest is added to the unit, byte by byte; else it stands in its place
 *   bits 4 to 7 bytes of a chunk, less 1
 * </pre>
 */
final class Script {

    private final int choice;
    private final byte[] rest;
    private int units;

    Script(byte[] input) {
        this.choice = input.length == 0 ? 0 : input[0] & 0xFF;
        this.rest = input.length == 0 ? input : Arrays.copyOfRange(input, 1, input.length);
    }

    HandshakePair pair() {
        return HandshakePair.of(CipherSuite.AESGCM, (choice & 4) != 0);
    }

    /** Whether the next unit of the peer is the one that is altered, after which nothing genuine follows. */
    boolean isAltered() {
        return units == (choice & 3);
    }

    /** Hands the side a unit of its peer, or what the script makes of it; true if it was the genuine one. */
    boolean deliver(StreamHandshake side, byte[] genuine) {
        byte[] unit = isAltered() ? altered(genuine) : genuine;
        units++;
        int chunk = 1 + (choice >>> 4);
        for (int at = 0; at < unit.length; at += chunk) {
            ByteBuffer in = ByteBuffer.wrap(unit, at, Math.min(chunk, unit.length - at));
            boolean overBefore = side.result() != null;
            int before = in.remaining();
            side.receive(in);
            assertThat(in.remaining()).isEqualTo(overBefore ? before : side.result() == null ? 0 : in.remaining());
        }
        return Arrays.equals(unit, genuine);
    }

    private byte[] altered(byte[] genuine) {
        if ((choice & 8) == 0) {
            return rest;
        }
        byte[] result = genuine.clone();
        for (int i = 0; i < Math.min(rest.length, result.length); i++) {
            result[i] += rest[i];
        }
        return result;
    }

    /** A side that has been given something else than its peer's bytes has no session, and has failed in plain words. */
    static void checkRefused(StreamHandshake side, Role role) {
        @Nullable HandshakeResult result = side.result();
        assertThat(result instanceof Established).isFalse();
        if (result instanceof Failed failed) {
            assertThat(failed.code()).isNotEqualTo(ErrorCode.NONE);
            assertThat(failed.detail()).isNotEmpty().hasSizeLessThan(300);
            assertThat(failed.origin() == Origin.LOCAL || role == Role.INITIATOR)
                    .isTrue();
        }
        side.abort(ErrorCode.HANDSHAKE_TIMEOUT);
        assertThat(side.result()).isInstanceOf(Failed.class);
        assertThat(result == null || result == side.result()).isTrue();
        assertThat(HandshakePair.drain(side)).hasSizeLessThanOrEqualTo(Reject.LENGTH);
    }
}
