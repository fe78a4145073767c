package io.weir.reactive.transport.quic;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.wire.Bytes;
import io.weir.core.wire.FrameWriter;
import io.weir.core.wire.Headers;
import io.weir.core.wire.MessageFrame;
import io.weir.core.wire.MessageType;
import io.weir.reactive.transport.SilentSession;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A lane is twice the id of a request, and one more for an answer. */
final class MessageOutputsTest {

    private final Set<Long> unanswered = new HashSet<>();
    private final MessageOutputs outputs = new MessageOutputs(new SilentSession() {
        @Override
        public boolean mayFollow(long lane) {
            return unanswered.contains(lane);
        }
    });

    private int streamOf(long lane, MessageType type, int packets, int packet) {
        FrameWriter writer = new FrameWriter(1_000, 1_000);
        writer.write(new MessageFrame(type, packets, packet, lane >> 1, "", Headers.empty(), Bytes.empty()));
        return outputs.streamOf(lane, writer.array(), 0, writer.position());
    }

    private int request(long lane, int packets, int packet) {
        return streamOf(lane, MessageType.REQUEST, packets, packet);
    }

    @Test
    void thoseOfOnePacketShareAStreamWithTheirCancels() {
        assertThat(request(2, 1, 0)).isEqualTo(MessageOutputs.SMALL);
        assertThat(streamOf(2, MessageType.CANCEL, 1, 0)).isEqualTo(MessageOutputs.SMALL);
        assertThat(streamOf(5, MessageType.REPLY, 1, 0)).isEqualTo(MessageOutputs.SMALL);
        assertThat(streamOf(9, MessageType.CANCELLED, 1, 0)).isEqualTo(MessageOutputs.SMALL);
        assertThat(streamOf(10, MessageType.ONE_WAY, 1, 0)).isEqualTo(MessageOutputs.SMALL);
    }

    @Test
    void allPacketsOfALargeOneGoInOneStreamThatNeighboursDoNotUse() {
        int first = request(2, 3, 0);
        int other = request(4, 2, 0);

        assertThat(request(2, 3, 1)).isEqualTo(first);
        assertThat(request(2, 3, 2)).isEqualTo(first);
        assertThat(request(4, 2, 1)).isEqualTo(other);
        assertThat(Set.of(first, other, MessageOutputs.SMALL)).hasSize(3);
        assertThat(Set.of(first, other)).allMatch(stream -> stream <= MessageOutputs.LARGE);
    }

    @Test
    void theCancelOfALargeRequestFollowsItThoughAllOfItWasWritten() {
        unanswered.add(6L);
        int stream = request(6, 2, 0);
        request(6, 2, 1);

        assertThat(streamOf(6, MessageType.CANCEL, 1, 0)).isEqualTo(stream);
    }

    @Test
    void theCancelOfALargeRequestFollowsWhatWasWrittenOfIt() {
        int stream = request(6, 3, 0);

        assertThat(streamOf(6, MessageType.CANCEL, 1, 0)).isEqualTo(stream);
    }

    @Test
    void cancelledFollowsWhatWasWrittenOfALargeReply() {
        int stream = streamOf(9, MessageType.REPLY, 3, 0);

        assertThat(streamOf(9, MessageType.CANCELLED, 1, 0)).isEqualTo(stream);
    }

    @Test
    void requestsThatHaveTheirAnswerAreForgottenNow() {
        int many = 10_000;
        for (long id = 1; id <= many; id++) {
            unanswered.add(id << 1);
            request(id << 1, 2, 0);
            request(id << 1, 2, 1);
            if (id < many) {
                unanswered.remove(id << 1);
            }
        }

        assertThat(streamOf(2, MessageType.CANCEL, 1, 0))
                .as("one that nobody may cancel any more")
                .isEqualTo(MessageOutputs.SMALL);
        assertThat(streamOf((long) many << 1, MessageType.CANCEL, 1, 0)).isNotEqualTo(MessageOutputs.SMALL);
    }
}
