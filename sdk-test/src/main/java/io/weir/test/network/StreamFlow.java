package io.weir.test.network;

import io.weir.reactive.transport.memory.MemoryMedium;
import io.weir.reactive.transport.memory.MemoryMedium.Signal;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a stream link, carried in packets over a {@link Line}: repeats what is lost after a time-out, delivers
 * in order. What waits here is bounded by what the link's writer may have under way.
 */
final class StreamFlow implements MemoryMedium.Carrier {

    static final int HEADER_BYTES = 40;

    private static final long LEAST_TIMEOUT_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long CONNECT_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long MOST_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(120);
    private static final int MOST_RETRIES = 15;

    private final SimulatedNetwork network;
    private final StreamPath path;
    private final Line line;
    private final Line lineBack;
    private final Member from;
    private final Member to;

    /** Sent and not delivered, in order. */
    private final Deque<Packet> underWay = new ArrayDeque<>();

    private boolean delivering;
    /** Nothing more is taken: the direction has been closed from outside, or its sender has given up. */
    private boolean closed;

    /** One end of the link and the address that it had when the link was made. */
    record Member(MemoryMedium.End end, Host host, String address) {

        Member(MemoryMedium.End end, Host host) {
            this(end, host, host.address());
        }

        boolean moved() {
            return !host.address().equals(address);
        }
    }

    StreamFlow(SimulatedNetwork network, StreamPath path, Line line, Line lineBack, Member from, Member to) {
        this.network = network;
        this.path = path;
        this.line = line;
        this.lineBack = lineBack;
        this.from = from;
        this.to = to;
    }

    @Override
    public void carry(byte[] bytes, Consumer<byte[]> arrival) {
        if (closed || path.isOver()) {
            return;
        }
        network.trace(this + " sends " + bytes.length + " bytes " + checksum(bytes));
        line.carries(bytes.length);
        if (line.plain() && !from.moved() && !to.moved()) {
            send(new Packet(bytes, arrival));
            return;
        }
        int most = line.profile().mtu() - HEADER_BYTES;
        for (int at = 0; at < bytes.length; at += most) {
            boolean whole = bytes.length <= most;
            send(new Packet(whole ? bytes : Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + most)), arrival));
        }
    }

    @Override
    public void carry(Signal signal, Runnable arrival) {
        if (path.isOver()) {
            return;
        }
        switch (signal) {
            case TAKEN -> acknowledge(arrival, 0);
            case RESET -> sendReset(arrival);
            case DIAL, ANSWER, REFUSAL, JOIN, END -> {
                if (!closed) {
                    network.trace(this + " sends " + signal);
                    send(new Packet(signal, arrival));
                } else if (signal == Signal.JOIN) {
                    to.end().reset("never joined");
                }
            }
        }
    }

    /** The receiving end gets the end of its input behind what is under way, and nothing more. */
    void halfClose() {
        if (!closed && !path.isOver()) {
            closed = true;
            network.trace(this + " is half-closed");
            send(new Packet(Signal.END, to.end()::endInput));
        }
    }

    /** Ends the sending end as a peer does that knows nothing of the link. */
    private void resetSender(long inNanos) {
        network.after(inNanos, () -> {
            if (!path.isOver()) {
                network.trace(this + " is not known to its peer any more");
                from.end().reset("connection reset by peer");
            }
        });
    }

    private void send(Packet packet) {
        underWay.add(packet);
        transmit(packet);
    }

    private void transmit(Packet packet) {
        if (from.moved()) {
            // it comes from an address that the peer has no link with, and is answered by a reset
            resetSender(line.latencyNanos() + lineBack.latencyNanos());
            forgetUnlessJoined();
            return;
        }
        long now = network.nowNanos();
        boolean plain = line.plain() && !to.moved();
        if (plain) {
            arriveAt(packet, now + line.latencyNanos());
            return;
        }
        Line.Passage passage = line.pass(now, packet.wireBytes());
        String lost = to.moved() ? "no such address" : passage.damaged() ? "checksum" : passage.lost();
        if (lost != null) {
            repeatLater(packet, lost);
            return;
        }
        if (packet.bytes.length > 0 && line.happens(line.faults().corruptionBeyondChecksum())) {
            flipOneBit(packet.bytes);
        }
        arriveAt(packet, passage.arrivalNanos());
    }

    private void arriveAt(Packet packet, long atNanos) {
        long inNanos = atNanos - network.nowNanos();
        if (inNanos <= 0) {
            arrived(packet);
        } else {
            network.after(inNanos, () -> arrived(packet));
        }
    }

    private void arrived(Packet packet) {
        packet.arrived = true;
        deliver();
    }

    /** Hands over, in order, what has arrived and is read. */
    void deliver() {
        if (delivering) {
            return;
        }
        delivering = true;
        try {
            Packet next;
            while (!path.isOver() && (next = underWay.peek()) != null && isDue(next)) {
                underWay.remove();
                network.trace(this + " delivers " + next);
                next.deliver();
            }
        } finally {
            delivering = false;
        }
    }

    private boolean isDue(Packet packet) {
        return packet.arrived && (packet.bytes.length == 0 || to.host().reads());
    }

    private void repeatLater(Packet packet, String why) {
        if (packet.losses++ == MOST_RETRIES) {
            giveUp();
            return;
        }
        long timeoutNanos = timeoutNanos(packet);
        network.trace(this + " loses " + packet + ", " + why + ", again in " + timeoutNanos / 1_000 + " us");
        network.after(timeoutNanos, () -> {
            if (!path.isOver()) {
                transmit(packet);
            }
        });
    }

    private long timeoutNanos(Packet packet) {
        long first = packet.connects() ? CONNECT_TIMEOUT_NANOS : LEAST_TIMEOUT_NANOS;
        long base = first + line.mostNanos() + lineBack.mostNanos();
        // Beyond this the doubling would overflow, and the limit holds anyway.
        return Math.min(base << Math.min(packet.losses - 1, 20), MOST_TIMEOUT_NANOS);
    }

    /** As a kernel after its last retransmission: only this end learns of it. */
    private void giveUp() {
        network.trace(this + " gives up");
        closed = true;
        from.end().reset("connection timed out");
        forgetUnlessJoined();
        underWay.clear();
    }

    /** An accepting end that nobody has joined yet, and nobody will, is seen by no listener: it goes. */
    private void forgetUnlessJoined() {
        if (underWay.stream().anyMatch(packet -> packet.signal == Signal.JOIN)) {
            to.end().reset("never joined");
        }
    }

    /** The reader's news are cumulative, so none is missed if one is lost; an outage holds them up. */
    private void acknowledge(Runnable arrival, int losses) {
        if (path.isOver() || from.moved() || to.moved()) {
            return;
        }
        if (line.faults().outage() == null) {
            network.afterOrNow(line.latencyNanos(), () -> {
                if (!path.isOver()) {
                    arrival.run();
                }
            });
        } else if (losses < MOST_RETRIES) {
            long timeout = LEAST_TIMEOUT_NANOS + line.mostNanos() + lineBack.mostNanos();
            network.after(
                    Math.min(timeout << Math.min(losses, 20), MOST_TIMEOUT_NANOS),
                    () -> acknowledge(arrival, losses + 1));
        }
    }

    /** Not repeated when lost: what the peer sends then is answered by another one. */
    private void sendReset(Runnable arrival) {
        Line.Passage passage = line.pass(network.nowNanos(), HEADER_BYTES);
        String lost = passage.damaged() ? "checksum" : passage.lost();
        network.trace(this + " sends RESET" + (lost != null ? ", lost: " + lost : ""));
        if (lost == null && !from.moved() && !to.moved()) {
            network.afterOrNow(passage.arrivalNanos() - network.nowNanos(), () -> {
                if (!path.isOver()) {
                    network.trace(this + " delivers RESET");
                    arrival.run();
                }
            });
        }
    }

    private void flipOneBit(byte[] bytes) {
        int bit = line.random().nextInt(bytes.length * 8);
        bytes[bit / 8] ^= (byte) (1 << bit % 8);
        network.trace(this + " flips bit " + bit);
    }

    private static String checksum(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return Long.toHexString(crc.getValue());
    }

    @Override
    public String toString() {
        return from.host() + ">" + to.host() + " link " + path.number();
    }

    /** Bytes, or a signal that keeps its place among them. */
    private static final class Packet {
        private static final byte[] NONE = new byte[0];

        private final byte[] bytes;
        private final @Nullable Signal signal;
        private final Consumer<byte[]> arrival;
        private boolean arrived;
        private int losses;

        Packet(byte[] bytes, Consumer<byte[]> arrival) {
            this.bytes = bytes;
            this.signal = null;
            this.arrival = arrival;
        }

        Packet(Signal signal, Runnable arrival) {
            this.bytes = NONE;
            this.signal = signal;
            this.arrival = nothing -> arrival.run();
        }

        boolean connects() {
            return signal == Signal.DIAL || signal == Signal.ANSWER || signal == Signal.REFUSAL;
        }

        int wireBytes() {
            return HEADER_BYTES + bytes.length;
        }

        void deliver() {
            arrival.accept(bytes);
        }

        @Override
        public String toString() {
            return signal != null ? signal.name() : bytes.length + " bytes";
        }
    }
}
