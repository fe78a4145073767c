package io.weir.core.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.wire.Bytes;
import io.weir.core.wire.FrameReader;
import io.weir.core.wire.FrameWriter;
import io.weir.core.wire.Headers;
import io.weir.core.wire.MessageFields;
import io.weir.core.wire.MessageFrame;
import io.weir.core.wire.MessageType;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What a message that is here in part holds. That fragments fit or not is shown with a whole table. */
class AssemblyTest {

    private static final int FRAGMENT = 1_000;

    private final FrameWriter out = new FrameWriter(FrameWriter.RECORD_TARGET, FrameWriter.RECORD_MAX);
    private final FrameReader in = new FrameReader();

    @Test
    void whatAHeaderPromisesIsNotAllocated() {
        Assembly assembly = new Assembly(packet(0xFFFF, 0, FRAGMENT), 7);
        assembly.add(packet(0xFFFF, 0, FRAGMENT), FRAGMENT);
        assertThat(assembly.array()).hasSizeLessThanOrEqualTo(2 * FRAGMENT);
    }

    @Test
    void theArrayGrowsWithWhatCameAndFitsInTheEnd() {
        int packets = 100;
        Assembly assembly = new Assembly(packet(packets, 0, FRAGMENT), 7);
        for (int packet = 0; packet < packets - 1; packet++) {
            assertThat(assembly.add(packet(packets, packet, FRAGMENT), FRAGMENT))
                    .isFalse();
            assertThat(assembly.array().length).isBetween((packet + 1) * FRAGMENT, 2 * (packet + 1) * FRAGMENT);
        }
        assertThat(assembly.add(packet(packets, packets - 1, 1), 1)).isTrue();

        assertThat(assembly.length()).isEqualTo(99 * FRAGMENT + 1);
        assertThat(assembly.array().length).isLessThanOrEqualTo(packets * FRAGMENT);
        assertThat(assembly.cost()).isEqualTo(99 * FRAGMENT + 1);
    }

    /** A peer that sends in small fragments must not make each of them cost a copy of all before it. */
    @Test
    void whatCameIsCopiedOnlyAsItDoubles() {
        int packets = 100;
        Assembly assembly = new Assembly(packet(packets, 0, FRAGMENT), 7);
        byte[] array = assembly.array();
        int copies = 0;
        for (int packet = 0; packet < packets; packet++) {
            assembly.add(packet(packets, packet, FRAGMENT), FRAGMENT);
            copies += assembly.array() == array ? 0 : 1;
            array = assembly.array();
        }
        assertThat(copies).isLessThanOrEqualTo(8);
        assertThat(array).hasSize(packets * FRAGMENT);
    }

    @Test
    void aLastFragmentAsLongAsTheOthersMayComeFirst() {
        Assembly assembly = new Assembly(packet(2, 1, 64), 7);
        assembly.add(packet(2, 1, 64), 64);

        assertThat(assembly.examine(packet(2, 0, 64))).isEqualTo(Assembly.Fit.NEW);
        assertThat(assembly.add(packet(2, 0, 64), 80)).isTrue();
    }

    @Test
    void whatComesAheadOfItsTurnIsACopy() {
        Assembly assembly = new Assembly(packet(2, 1, 5), 7);
        MessageFields last = packet(2, 1, 5);
        assembly.add(last, 5);
        Arrays.fill(last.array(), (byte) 99);
        assembly.add(packet(2, 0, 64), 80);

        assertThat(Arrays.copyOfRange(assembly.array(), 64, 69)).containsExactly(1, 1, 1, 1, 1);
    }

    @Test
    void aDiscardedOneKeepsNothingAndIsStillCounted() {
        Assembly assembly = new Assembly(packet(4, 0, FRAGMENT), 7);
        assembly.add(packet(4, 0, FRAGMENT), FRAGMENT);
        assembly.add(packet(4, 2, FRAGMENT), FRAGMENT);
        assembly.discard();
        assertThat(assembly.array()).isEmpty();
        assertThat(assembly.examine(packet(4, 2, FRAGMENT))).isEqualTo(Assembly.Fit.REPEATED);

        assertThat(assembly.add(packet(4, 3, 5), 5)).isFalse();
        assertThat(assembly.add(packet(4, 1, FRAGMENT), FRAGMENT)).isTrue();
        assertThat(assembly.array()).isEmpty();
        assertThat(assembly.length()).isZero();
        assertThat(assembly.cost()).isEqualTo(3 * FRAGMENT + 5);
    }

    /** A packet whose bytes are all its number. */
    private MessageFields packet(int packets, int packet, int length) {
        byte[] body = new byte[length];
        Arrays.fill(body, (byte) packet);
        out.reset();
        out.write(new MessageFrame(MessageType.REQUEST, packets, packet, 1, "", Headers.empty(), Bytes.copyOf(body)));
        byte[] record = Arrays.copyOf(out.array(), out.position());
        in.reset(record, 0, record.length);
        assertThat(in.next()).isEqualTo(FrameReader.Kind.MESSAGE);
        return in.message();
    }
}
