package io.weir.reactive.session.packet;

import io.weir.core.datagram.PacketSealer;
import io.weir.core.path.Ecn;
import io.weir.core.path.PathAddress;
import io.weir.reactive.operator.Numbered;
import io.weir.reactive.transport.DatagramSocket;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The end of the outbound chain: seals packets one behind the other, and gives them to the socket as many at once as it takes.
 * Datagrams of one batch go to one address with one mark, and have one size but for the last, which may be smaller.
 * Loop-confined.
 */
final class PacketBatch {

    private static final int MOST_BYTES = 65_507;

    private final DatagramSocket socket;
    private final PacketSealer sealer;
    private final int mostBytes;
    private @Nullable PacketBuffer buffer;
    private @Nullable PathAddress to;
    private int length;
    private int segmentBytes;
    private int count;
    private boolean ended;
    private Ecn mark = Ecn.NOT_ECT;
    private boolean exhausted;

    PacketBatch(DatagramSocket socket, PacketSealer sealer) {
        this.socket = socket;
        this.sealer = sealer;
        mostBytes = socket.mostSegments() > 1 ? MOST_BYTES : 0;
    }

    /** How much memory a batch wants beside that for one datagram. */
    int mostBytes() {
        return mostBytes;
    }

    /** Whether filling packets up to one size is worth it. */
    boolean joins() {
        return mostBytes > 0;
    }

    /** Memory for what follows until {@link #end}. */
    void begin(PacketBuffer borrowed) {
        buffer = borrowed;
    }

    /** All goes out. */
    void end() {
        flush();
        buffer = null;
    }

    /** Seals a packet behind those before. */
    void seal(Numbered<Packet> numbered) {
        Packet packet = numbered.value();
        PacketBuffer memory = buffer;
        if (memory == null || exhausted) {
            return;
        }
        Ecn wanted = packet.isMarked() ? Ecn.ECT_0 : Ecn.NOT_ECT;
        if (!joins(packet, wanted, memory)) {
            flush();
        }
        int sealed = sealer.seal(numbered.number(), packet.frames(), 0, packet.framesLength(), memory.sealed(), length);
        packet.onSealed();
        if (sealed == PacketSealer.EXHAUSTED) {
            exhausted = true;
            return;
        }
        if (length == 0) {
            segmentBytes = sealed;
            mark = wanted;
            to = packet.to();
        }
        ended = sealed < segmentBytes;
        length += sealed;
        count++;
    }

    private boolean joins(Packet packet, Ecn wanted, PacketBuffer memory) {
        return !ended
                && packet.bytes() <= segmentBytes
                && wanted == mark
                && count < socket.mostSegments()
                && length + packet.bytes() <= memory.sealed().length
                && Objects.equals(packet.to(), to);
    }

    /** Gives to the socket what there is. */
    private void flush() {
        PacketBuffer memory = buffer;
        PathAddress address = to;
        if (length > 0 && memory != null && address != null) {
            socket.send(memory.sealed(), 0, length, segmentBytes, address, mark);
        }
        length = 0;
        count = 0;
        segmentBytes = 0;
        ended = false;
    }

    /** The keys have reached their limit: nothing goes out any more. */
    boolean isExhausted() {
        return exhausted;
    }

    void close() {
        sealer.close();
    }
}
