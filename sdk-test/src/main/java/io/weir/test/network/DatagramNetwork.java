package io.weir.test.network;

import io.weir.core.path.Ecn;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** The datagrams of a simulated network: ports, and what becomes of each datagram on its way. */
final class DatagramNetwork {

    static final int HEADER_BYTES = 28;

    /** Datagrams under way at a time, in the whole network; those beyond are lost. */
    static final int MOST_UNDER_WAY = 100_000;

    private static final long LEAST_HELD_BACK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final int MOST_PORT = 65_535;
    private static final int FIRST_PRIVATE_PORT = 49_152;

    private final SimulatedNetwork network;
    private final Map<Address, DatagramPort> ports = new HashMap<>();
    private int underWay;
    private boolean traced = true;

    /** A port of a host, by the host's name: wherever that is. */
    private record Address(String host, int port) {}

    DatagramNetwork(SimulatedNetwork network) {
        this.network = network;
    }

    static void requirePort(String name, int port) {
        if (port < 1 || port > MOST_PORT) {
            throw new IllegalArgumentException(name + " is " + port + ", must be from 1 to " + MOST_PORT);
        }
    }

    /** Whether the trace tells of each datagram. */
    void traced(boolean traced) {
        this.traced = traced;
    }

    DatagramEndpoint bind(Host host, int port) {
        requirePort("port", port);
        DatagramEndpoint endpoint = bindIfFree(host, port);
        if (endpoint == null) {
            throw new IllegalStateException("port " + port + " of " + host + " is taken");
        }
        return endpoint;
    }

    /** Null if it is taken. */
    @Nullable
    DatagramEndpoint bindIfFree(Host host, int port) {
        DatagramPort endpoint = new DatagramPort(this, host, port);
        return ports.putIfAbsent(new Address(host.name(), port), endpoint) == null ? endpoint : null;
    }

    boolean unbind(Host host, DatagramPort port) {
        return ports.remove(new Address(host.name(), port.port()), port);
    }

    /** Gives all endpoints of a host ports that nobody has. */
    void changePorts(Host host) {
        for (int port : portsOf(host)) {
            changePort(host, port);
        }
    }

    private int[] portsOf(Host host) {
        return ports.keySet().stream()
                .filter(address -> address.host.equals(host.name()))
                .mapToInt(Address::port)
                .sorted()
                .toArray();
    }

    /** Gives an endpoint a port that nobody has; returns it. */
    int changePort(Host host, int port) {
        DatagramPort endpoint = ports.get(new Address(host.name(), port));
        if (endpoint == null) {
            throw new IllegalStateException("port " + port + " of " + host + " is not bound");
        }
        for (int other = FIRST_PRIVATE_PORT; other <= MOST_PORT; other++) {
            // no port comes again soon: what is under way to the old one must not arrive
            if (other > port && ports.putIfAbsent(new Address(host.name(), other), endpoint) == null) {
                ports.remove(new Address(host.name(), port));
                endpoint.port(other);
                return other;
            }
        }
        throw new IllegalStateException("no port of " + host + " above " + port + " is free");
    }

    /** Returns false if the sender's system refuses it. */
    boolean send(Host from, Datagram datagram, String toAddress, int toPort) {
        String what = traced ? told(from, datagram, toAddress, toPort) : null;
        trace(what, " bytes ", datagram.payload());
        Line line = network.line(from.name(), Host.nameOf(toAddress));
        int bytes = datagram.payload().remaining();
        boolean tooLarge = bytes + HEADER_BYTES > line.profile().mtu();
        if (tooLarge && line.faults().mtuIsKnown()) {
            trace(what, " refused: larger than the MTU");
            return false;
        }
        DatagramFate fate = line.faults().judge(datagram.payload().asReadOnlyBuffer());
        if (fate.copies() == 0 || tooLarge) {
            trace(what, tooLarge ? " lost: larger than the MTU" : " lost: rule");
            return true;
        }
        for (int copy = 0; copy < fate.copies(); copy++) {
            pass(line, datagram, new Way(toAddress, toPort, what), fate.late().toNanos());
        }
        return true;
    }

    /**
     * Where a datagram goes.
     *
     * @param what it is, for the trace; null if that does not tell
     */
    private record Way(String address, int port, @Nullable String what) {}

    private void pass(Line line, Datagram datagram, Way way, long lateNanos) {
        ByteBuffer payload = datagram.payload();
        Line.Passage passage = line.pass(network.nowNanos(), payload.remaining() + HEADER_BYTES);
        if (passage.lost() != null) {
            trace(way.what, " lost: " + passage.lost());
            return;
        }
        if (passage.damaged() && payload.hasRemaining()) {
            int bit = line.random().nextInt(payload.remaining() * 8);
            payload = ByteBuffer.allocate(payload.remaining())
                    .put(payload.duplicate())
                    .flip(); // other copies stay whole
            payload.put(bit / 8, (byte) (payload.get(bit / 8) ^ 1 << bit % 8));
            trace(way.what, " damaged in bit " + bit);
        }
        Ecn mark = line.faults().mark(datagram.ecn(), passage.queued());
        Datagram arriving = new Datagram(datagram.host(), datagram.port(), payload.asReadOnlyBuffer(), mark);
        arrive(arriving, way, passage.arrivalNanos() + lateNanos + heldBackNanos(line));
        if (line.happens(line.profile().duplication())) {
            trace(way.what, " duplicated");
            arrive(arriving, way, passage.arrivalNanos() + lateNanos + heldBackNanos(line));
        }
    }

    /** Long enough that later ones overtake it: up to the latency, but at least up to 5 ms. */
    private static long heldBackNanos(Line line) {
        return line.happens(line.profile().reordering())
                ? 1 + line.random().nextLong(Math.max(line.latencyNanos(), LEAST_HELD_BACK_NANOS))
                : 0;
    }

    private void arrive(Datagram datagram, Way way, long atNanos) {
        if (underWay == MOST_UNDER_WAY) {
            trace(way.what, " lost: too many under way");
            return;
        }
        underWay++;
        network.after(atNanos - network.nowNanos(), () -> {
            underWay--;
            Host to = network.host(Host.nameOf(way.address));
            DatagramPort port =
                    to.isAt(way.address, network.nowNanos()) ? ports.get(new Address(to.name(), way.port)) : null;
            if (port == null) {
                trace(way.what, " lost: nobody there");
            } else {
                to.scheduler().runOrHold(() -> deliver(port, datagram.duplicate(), way));
            }
        });
    }

    private void deliver(DatagramPort port, Datagram datagram, Way way) {
        trace(way.what, port.deliver(datagram) ? " delivered" : " lost: receiver is full");
    }

    // ---- the trace

    private static String told(Host from, Datagram datagram, String toAddress, int toPort) {
        boolean forged = !datagram.host().equals(from.address());
        return from + (forged ? " as " + datagram.host() : "") + ":" + datagram.port() + ">" + toAddress + ":" + toPort
                + " datagram of " + datagram.payload().remaining();
    }

    private void trace(@Nullable String what, String became) {
        if (what != null) {
            network.trace(what + became);
        }
    }

    private void trace(@Nullable String what, String became, ByteBuffer bytes) {
        if (what != null) {
            CRC32 crc = new CRC32();
            crc.update(bytes.duplicate());
            network.trace(what + became + Long.toHexString(crc.getValue()));
        }
    }
}
