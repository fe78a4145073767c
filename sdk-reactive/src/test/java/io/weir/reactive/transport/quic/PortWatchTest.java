package io.weir.reactive.transport.quic;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.SegmentedDatagramPacket;
import io.netty.util.ReferenceCountUtil;
import io.weir.core.datagram.DatagramCounts;
import io.weir.core.datagram.Drop;
import io.weir.core.error.ErrorCode;
import io.weir.reactive.transport.CountingTally;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is counted between a socket and QUIC's codec, and what of it does not pass. */
class PortWatchTest {

    private static final InetSocketAddress PEER = new InetSocketAddress(InetAddress.getLoopbackAddress(), 7_400);
    private static final InetSocketAddress NOBODY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final CountingTally tally = new CountingTally();
    private final Socket socket = new Socket();
    private EmbeddedChannel channel = new EmbeddedChannel(socket, PortWatch.accepting(tally));

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    /** In place of the system. */
    private static final class Socket extends ChannelOutboundHandlerAdapter {
        private IOException failure;

        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            ReferenceCountUtil.release(message);
            if (failure == null) {
                promise.setSuccess();
            } else {
                promise.setFailure(failure);
            }
        }
    }

    /** Of that length, beginning with these bytes; the rest is 0. */
    private static ByteBuf datagram(int length, int... first) {
        ByteBuf bytes = Unpooled.buffer(Math.max(1, length));
        for (int i = 0; i < length; i++) {
            bytes.writeByte(i < first.length ? first[i] : 0);
        }
        return bytes;
    }

    private boolean passes(ByteBuf content, InetSocketAddress from) {
        channel.writeInbound(new DatagramPacket(content, PEER, from));
        DatagramPacket passed = channel.readInbound();
        assertThat(content.refCnt()).isEqualTo(passed == null ? 0 : 1);
        return passed != null && passed.release();
    }

    private boolean passes(ByteBuf content) {
        return passes(content, PEER);
    }

    // ---- what comes

    @ParameterizedTest
    @CsvSource({
        "0, 0x40, TRUNCATED",
        "1, 0x40, TRUNCATED",
        "20, 0x40, TRUNCATED",
        "20, 0x00, TRUNCATED",
        "1, 0xE0, TRUNCATED",
        "5, 0xE0, TRUNCATED",
        "6, 0xE0, TRUNCATED",
        "1, 0xC0, SHORT_INITIAL",
        "1, 0x80, SHORT_INITIAL",
        "1199, 0xCF, SHORT_INITIAL",
    })
    void dropsWhatIsTooShortAndCountsIt(int length, String first, Drop reason) {
        assertThat(passes(datagram(length, Integer.decode(first)))).isFalse();

        assertThat(tally.drops()).containsOnly(Map.entry(reason, 1L));
        assertThat(tally.counts().received()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"21, 0x40", "21, 0x00", "7, 0xE0", "7, 0xD0", "1200, 0xC0", "1200, 0x80"})
    void letsPassWhatMayBeQuic(int length, String first) {
        assertThat(passes(datagram(length, Integer.decode(first)))).isTrue();

        assertThat(tally.drops()).isEmpty();
        assertThat(tally.counts().received()).isEqualTo(1);
    }

    @Test
    void dropsConnectionIdsThatCannotBe() {
        assertThat(passes(datagram(1_200, 0xC0, 0, 0, 0, 1, 21))).isFalse();
        assertThat(passes(datagram(1_200, 0xC0, 0, 0, 0, 1, 0, 255))).isFalse();
        assertThat(tally.drops()).containsOnly(Map.entry(Drop.MALFORMED, 2L));

        assertThat(passes(datagram(15, 0xE0, 0, 0, 0, 1, 9))).as("cut within").isFalse();
        assertThat(passes(datagram(16, 0xE0, 0, 0, 0, 1, 8, 1, 2, 3, 4, 5, 6, 7, 8, 2)))
                .isFalse();
        assertThat(tally.drops(Drop.TRUNCATED)).isEqualTo(2);
        assertThat(passes(datagram(17, 0xE0, 0, 0, 0, 1, 8, 1, 2, 3, 4, 5, 6, 7, 8, 2)))
                .isTrue();
    }

    @Test
    void dropsWhatNobodyCanAnswerWhichIsNotReceived() {
        assertThat(passes(datagram(1_200, 0xC0), NOBODY)).isFalse();

        assertThat(tally.counts()).isEqualTo(new DatagramCounts(0, 0, 0, 0, 0, 1));
        assertThat(tally.drops()).isEmpty();
    }

    /** A server's first packet need not fill its datagram. */
    @ParameterizedTest
    @ValueSource(ints = {1, 60, 1_199})
    void whereOneDialsAnythingMayCome(int length) {
        channel.finishAndReleaseAll();
        channel = new EmbeddedChannel(new Socket(), PortWatch.dialling(tally));

        assertThat(passes(datagram(length, 0xC0))).isTrue();
        assertThat(tally.counts().received()).isEqualTo(1);
        assertThat(tally.drops()).isEmpty();
    }

    // ---- what goes out

    private ChannelFuture written(DatagramPacket packet) {
        ChannelFuture done = channel.writeOneOutbound(packet);
        channel.flushOutbound();
        assertThat(done.isDone()).isTrue();
        return done;
    }

    @Test
    void countsEachDatagramOfThoseThatTheSystemCutsApart() {
        written(new DatagramPacket(datagram(60, 0x40), PEER));
        written(new SegmentedDatagramPacket(datagram(2_501, 0x40), 1_250, PEER));
        written(new SegmentedDatagramPacket(datagram(2_500, 0x40), 1_250, PEER));

        assertThat(tally.counts()).isEqualTo(new DatagramCounts(1 + 3 + 2, 0, 0, 0, 0, 0));
        assertThat(tally.retries()).isZero();
        assertThat(tally.rejections()).isEmpty();
    }

    @Test
    void countsNothingWhereNothingGoesOut() {
        written(new DatagramPacket(Unpooled.EMPTY_BUFFER, PEER));

        assertThat(tally.counts()).isEqualTo(DatagramCounts.NONE);
    }

    @Test
    void countsWhatTheSystemDoesNotTake() {
        socket.failure = new IOException("Message too long");
        written(new SegmentedDatagramPacket(datagram(2_500, 0x40), 1_250, PEER));
        socket.failure = new IOException("Network is unreachable");
        written(new DatagramPacket(datagram(60, 0x40), PEER));

        assertThat(tally.counts()).isEqualTo(new DatagramCounts(0, 0, 0, 2, 1, 0));
    }

    @Test
    void countsWhoIsAskedForATokenAndWhoSpeaksAnotherVersion() {
        written(new DatagramPacket(datagram(100, 0xF0, 0, 0, 0, 1), PEER));
        assertThat(tally.retries()).isEqualTo(1);
        assertThat(tally.rejections()).isEmpty();

        written(new DatagramPacket(datagram(40, 0xFA, 0, 0, 0, 0), PEER));
        written(new DatagramPacket(datagram(40, 0x80, 0, 0, 0, 0), PEER));
        assertThat(tally.retries()).isEqualTo(1);
        assertThat(tally.rejections()).containsOnly(Map.entry(ErrorCode.VERSION_UNSUPPORTED, 2L));

        written(new DatagramPacket(datagram(1_200, 0xC0, 0, 0, 0, 1), PEER));
        written(new DatagramPacket(datagram(1_200, 0xE0, 0, 0, 0, 1), PEER));
        assertThat(tally.retries()).isEqualTo(1);
        assertThat(tally.rejections()).hasSize(1);
        assertThat(tally.counts().sent()).isEqualTo(5);
    }
}
