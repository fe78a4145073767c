package io.weir.reactive.transport.quic;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When a turn of reading ends, by what the codec behind is told. */
class ReadTurnsTest {

    private final List<String> log = new ArrayList<>();
    private final ReadTurns turns = new ReadTurns();
    private final EmbeddedChannel socket = new EmbeddedChannel(turns, new Codec());

    /** At its datagram of that number, from 1 on, something is to be written. */
    private int writesAt;

    private int read;

    private final class Codec extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (++read == writesAt) {
                assertThat(turns.beforeEnd(() -> log.add("write behind " + read)))
                        .isTrue();
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            log.add("end behind " + read);
        }
    }

    private void come(int datagrams) {
        for (int i = 0; i < datagrams; i++) {
            socket.pipeline().fireChannelRead(i);
        }
    }

    @Test
    void endsWithTheReadWhereLittleCame() {
        writesAt = 1;
        come(ReadTurns.MANY - 1);
        assertThat(log).isEmpty();

        socket.pipeline().fireChannelReadComplete();
        assertThat(log).containsExactly("write behind 7", "end behind 7");
        assertThat(turns.beforeEnd(() -> {})).isFalse();
    }

    @Test
    void endsEarlyWhereMuchCameAndSomethingIsToBeWritten() {
        writesAt = 3;
        come(ReadTurns.MANY);
        assertThat(log).containsExactly("write behind 8", "end behind 8");

        come(1);
        socket.pipeline().fireChannelReadComplete();
        assertThat(log).containsExactly("write behind 8", "end behind 8", "end behind 9");
    }

    @Test
    void endsAsSoonAsThereIsSomethingToWriteOnceMuchCame() {
        writesAt = 11;
        come(10);
        assertThat(log).isEmpty();

        come(1);
        assertThat(log).containsExactly("write behind 11", "end behind 11");
    }

    @Test
    void whatWaitsForTheNextTurnsEndHearsOfAnEarlyOne() {
        turns.afterNext(() -> log.add("over"));
        writesAt = 1;
        come(ReadTurns.MANY + 1);
        assertThat(log).containsExactly("write behind 8", "end behind 8", "over");

        socket.pipeline().fireChannelReadComplete();
        assertThat(log).containsExactly("write behind 8", "end behind 8", "over", "end behind 9");
    }
}
