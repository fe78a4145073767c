package io.weir.reactive.session.packet;

import io.weir.core.datagram.DropCounts;
import io.weir.core.datagram.PacketOpener;
import io.weir.core.datagram.PacketSealer;
import io.weir.core.path.Ecn;
import io.weir.core.path.PathAddress;
import io.weir.core.wire.Frame;
import io.weir.core.wire.FrameReader;
import io.weir.core.wire.FrameWriter;
import io.weir.core.wire.Hello;
import io.weir.core.wire.LinkFrame.Feedback;
import io.weir.core.wire.PacketRange;
import io.weir.reactive.transport.DatagramSocket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The other end of a carrier, in the hands of a test: seals any frames in packets of any number, and opens what comes. */
final class RawEnd implements DatagramSocket.Receiver {

    /** What came in one packet. */
    record Opened(long number, int datagramBytes, List<Frame> frames, long atNanos, PathAddress from, Ecn mark) {
        @Nullable
        Feedback feedback() {
            return !frames.isEmpty() && frames.get(0) instanceof Feedback feedback ? feedback : null;
        }

        boolean has(Class<? extends Frame> type) {
            return frames.stream().anyMatch(type::isInstance);
        }
    }

    final List<Opened> opened = new ArrayList<>();
    final PacketWire.Socket socket;
    private final PacketSealer sealer;
    private final PacketOpener opener;
    private final PathAddress peer;
    private final FrameReader reader = new FrameReader();
    private long next;

    RawEnd(PacketWire.Socket socket, PacketKeys keys) {
        this.socket = socket;
        peer = keys.peer();
        sealer = new PacketSealer(keys.established().sending(), keys.peerIndex());
        opener = new PacketOpener(keys.established().receiving(), new DropCounts());
        socket.receive(this);
    }

    /** The packet with the next number. */
    byte[] packet(Consumer<FrameWriter> frames) {
        return packet(next, frames);
    }

    byte[] packet(long number, Consumer<FrameWriter> frames) {
        next = number + 1;
        FrameWriter out = new FrameWriter(60_000, 60_000);
        frames.accept(out);
        byte[] sealed = new byte[out.position() + PacketSealer.OVERHEAD];
        sealer.seal(number, out.array(), 0, out.position(), sealed);
        return sealed;
    }

    /** Number of the packet that is made next. */
    long next() {
        return next;
    }

    void send(byte[] datagram) {
        socket.send(datagram, 0, datagram.length, datagram.length, peer, Ecn.NOT_ECT);
    }

    void say(Frame... frames) {
        send(packet(out -> Arrays.asList(frames).forEach(out::write)));
    }

    void hello(long maxDatagramBytes) {
        say(Hello.defaults().withMaxDatagramBytes(maxDatagramBytes));
    }

    /** Acknowledges these numbers, which are one range. */
    void acknowledge(long first, long last) {
        say(new Feedback(List.of(new PacketRange(first, last)), 0, 0, 0, 0));
    }

    /** Acknowledges everything that has come. */
    void acknowledgeAll() {
        List<PacketRange> ranges = new ArrayList<>();
        opened.stream().map(Opened::number).sorted().forEach(number -> {
            int top = ranges.size() - 1;
            if (top >= 0 && ranges.get(top).last() + 1 == number) {
                ranges.set(top, new PacketRange(ranges.get(top).first(), number));
            } else {
                ranges.add(new PacketRange(number, number));
            }
        });
        java.util.Collections.reverse(ranges);
        say(new Feedback(ranges, 0, 0, 0, 0));
    }

    @Override
    public void onDatagram(byte[] array, int offset, int length, PathAddress from, Ecn mark) {
        byte[] frames = new byte[Math.max(0, length - PacketSealer.OVERHEAD)];
        int bytes = opener.open(array, offset, length, frames);
        if (bytes > 0) {
            opened.add(new Opened(
                    opener.number(),
                    length,
                    frames(frames, bytes),
                    socket.loop().nowNanos(),
                    from,
                    mark));
        }
    }

    private List<Frame> frames(byte[] array, int length) {
        List<Frame> read = new ArrayList<>();
        reader.reset(array, 0, length);
        while (reader.next() == FrameReader.Kind.FRAME) {
            read.add(reader.frame());
        }
        return read;
    }

    @Override
    public void onReceived() {}

    @Override
    public void onWritable() {}

    @Override
    public void onRefused(int bytes, PathAddress to) {}

    @Override
    public void onClosed(@Nullable Throwable failure) {}
}
