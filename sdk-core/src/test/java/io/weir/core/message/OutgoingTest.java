package io.weir.core.message;

import static io.weir.core.message.MessageSide.bytes;
import static io.weir.core.message.MessageSide.settle;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.credit.HeldBytes;
import io.weir.core.credit.MemoryBudget;
import io.weir.core.credit.MemoryPool;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.message.MessageSide.Asking;
import io.weir.core.message.MessageSide.Sending;
import io.weir.core.wire.Headers;
import io.weir.core.wire.Hello;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Where bodies come from, and the memory that is reserved until they are written. */
class OutgoingTest {

    private static final int WINDOW = 4_096;

    private final MessageSide a = new MessageSide(MessageSide.settings(WINDOW));
    private final MessageSide b = new MessageSide(MessageSide.settings(WINDOW));

    @BeforeEach
    void introduce() {
        MessageSide.introduce(a, b);
    }

    @Test
    void aBodyIsWhatLiesBetweenPositionAndLimitOfAnyBuffer() {
        byte[] body = bytes(200); // more than one packet
        for (ByteBuffer buffer : buffers(body)) {
            a.table.send(new OutgoingMessage("m", Headers.empty(), buffer, new Sending("m", bytes(0))));
            Asking asking = new Asking("r", bytes(0));
            a.table.request(new OutgoingRequest("r", Headers.empty(), buffer, asking));
            settle(a, b);
            b.asked.remove(0).reply(buffer);
            settle(a, b);

            assertThat(b.oneWayBodies.remove(0)).isEqualTo(body);
            assertThat(b.askedBodies.remove(0)).isEqualTo(body);
            assertThat(asking.replies).containsExactly(body);
            assertThat(buffer.remaining()).as("not moved").isEqualTo(200);
            b.oneWays.remove(0).taken();
        }
    }

    @Test
    void aBodyIsTheRangeOfItsArray() {
        byte[] around = bytes(300);
        Asking asking = new Asking("r", bytes(0));
        a.table.request(new OutgoingRequest("r", Headers.empty(), around, 50, 200, asking));
        settle(a, b);
        assertThat(b.askedBodies).containsExactly(Arrays.copyOfRange(around, 50, 250));

        b.asked.get(0).reply(around, 10, 20);
        assertThat(b.asked.get(0).reply(ByteBuffer.allocate(1)))
                .as("the first counts")
                .isNull();
        settle(a, b);
        assertThat(asking.replies).containsExactly(Arrays.copyOfRange(around, 10, 30));
    }

    @Test
    void whatIsReservedForMessagesGoesBackHoweverTheyEnd() {
        MemoryBudget requests = new MemoryBudget(1 << 20, MemoryPool.unbounded());
        MemoryBudget replies = new MemoryBudget(1 << 20, MemoryPool.unbounded());
        MessageTable table = new MessageTable(
                MessageSide.settings(WINDOW), new MemoryBudget(1 << 20, MemoryPool.unbounded()), requests, replies, a);
        table.onPeerHello(b.table.ownHello(Hello.defaults()));
        Asking cancelled = new Asking("r", bytes(100));
        table.request(cancelled.request);
        assertThat(requests.reserved()).isEqualTo(HeldBytes.ofMessage(100));
        table.cancel(cancelled.request);
        assertThat(requests.reserved()).isZero();

        Sending written = new Sending("m", bytes(100));
        table.send(written.message);
        a.out.reset();
        table.write(a.out, WINDOW);
        assertThat(written.written).isEqualTo(1);
        assertThat(requests.reserved()).isZero();

        table.request(new Asking("r", bytes(3_000)).request);
        a.out.reset();
        table.write(a.out, 1); // under way
        table.send(new Sending("m", bytes(3_000)).message); // waits
        assertThat(requests.reserved()).isEqualTo(2 * HeldBytes.ofMessage(3_000));
        table.close(CloseReason.local(ErrorCode.LINK_LOST));
        assertThat(requests.reserved()).isZero();
        assertThat(replies.reserved()).isZero();
    }

    @Test
    void aReplyGivenUpInPartIsLetGo() {
        Asking asking = a.ask("r", bytes(1));
        settle(a, b);
        b.asked.get(0).reply(bytes(3_000));
        b.writeRecord(100);
        MessageSide.deliver(b, a);
        Assembly part = asking.request.reply;
        assertThat(part).isNotNull();

        a.table.cancel(asking.request);

        assertThat(part.array()).isEmpty();
    }

    @Test
    void aWholeMessageBeginsBesideSixtyFourThatAreUnderWay() {
        MessageSide wide = new MessageSide(new MessageSettings(1 << 20, 1 << 20, 4_096, 1 << 24, 64), 4_096);
        wide.table.onPeerHello(Hello.defaults());
        for (int i = 0; i < SendLane.MOST_UNDER_WAY; i++) {
            wide.send("m", bytes(4_000));
        }
        Sending small = wide.send("m", bytes(1));
        wide.writeRecord(30_000);

        assertThat(small.written).isEqualTo(1);
    }

    private static List<ByteBuffer> buffers(byte[] body) {
        byte[] around = new byte[body.length + 20];
        System.arraycopy(body, 0, around, 10, body.length);
        ByteBuffer direct = ByteBuffer.allocateDirect(body.length + 5);
        direct.position(3).put(3, body).limit(3 + body.length);
        return List.of(
                ByteBuffer.wrap(body),
                ByteBuffer.wrap(around, 4, body.length + 10).slice().position(6).limit(6 + body.length),
                ByteBuffer.wrap(body).asReadOnlyBuffer(),
                direct);
    }
}
