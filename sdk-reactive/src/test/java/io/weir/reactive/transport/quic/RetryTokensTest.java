package io.weir.reactive.transport.quic;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.weir.core.datagram.Drop;
import io.weir.core.handshake.RetryCookies;
import io.weir.reactive.transport.CountingTally;
import io.weir.reactive.transport.PortTally;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class RetryTokensTest {

    private static final InetSocketAddress FROM = new InetSocketAddress("192.0.2.1", 7_400);
    private static final byte[] ID = {1, 2, 3, 4, 5, 6, 7, 8};

    private int handshakes = RetryTokens.THRESHOLD;
    private final CountingTally tally = new CountingTally();
    private final RetryTokens tokens =
            new RetryTokens(new RetryCookies(new Random(1)::nextBytes), () -> handshakes, tally);

    private byte[] token() {
        ByteBuf out = Unpooled.buffer();
        assertThat(tokens.writeToken(out, Unpooled.wrappedBuffer(ID), FROM)).isTrue();
        return ByteBufUtil.getBytes(out);
    }

    private int validate(byte[] token, InetSocketAddress from) {
        return tokens.validateToken(Unpooled.wrappedBuffer(token), from);
    }

    @Test
    void asksForNoneWhileFewHandshakesAreUnderWay() {
        handshakes = RetryTokens.THRESHOLD - 1;
        ByteBuf out = Unpooled.buffer();

        assertThat(tokens.writeToken(out, Unpooled.wrappedBuffer(ID), FROM)).isFalse();
        assertThat(out.isReadable()).isFalse();
    }

    @Test
    void knowsItsOwnAndTheConnectionIdInIt() {
        byte[] token = token();

        int at = validate(token, FROM);

        assertThat(Arrays.copyOfRange(token, at, token.length)).isEqualTo(ID);
        assertThat(token.length).isLessThanOrEqualTo(tokens.maxTokenLength());
        assertThat(tally.drops()).isEmpty();
    }

    @Test
    void takesItFromItsAddressAloneAndCountsTheOthers() {
        byte[] token = token();

        assertThat(validate(token, new InetSocketAddress("192.0.2.2", 7_400))).isEqualTo(-1);
        assertThat(validate(token, new InetSocketAddress("192.0.2.1", 7_401))).isEqualTo(-1);
        assertThat(tally.drops()).containsOnly(Map.entry(Drop.COOKIE_REFUSED, 2L));
    }

    @Test
    void takesNoneThatIsAlteredOrCutOrAnothers() {
        byte[] token = token();
        RetryTokens others = new RetryTokens(new RetryCookies(new Random(2)::nextBytes), () -> 0, PortTally.NONE);

        for (int i = 0; i < token.length; i++) {
            byte[] altered = token.clone();
            altered[i] ^= 1;
            assertThat(validate(altered, FROM)).as("byte %d", i).isEqualTo(-1);
            assertThat(validate(Arrays.copyOf(token, i), FROM))
                    .as("%d bytes", i)
                    .isEqualTo(-1);
        }
        assertThat(validate(new byte[tokens.maxTokenLength() + 1], FROM)).isEqualTo(-1);
        assertThat(tally.drops()).containsOnly(Map.entry(Drop.COOKIE_REFUSED, 2L * token.length + 1));
        assertThat(others.validateToken(Unpooled.wrappedBuffer(token), FROM)).isEqualTo(-1);
    }
}
