package io.weir.test.network;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;

/** The datagrams of a simulated network: ports, and what becomes of each datagram on its way. */
final class DatagramNetwork {

    static final int HEADER_BYTES = 28;

    /** Datagrams under way at a time, in the whole network; those beyond are lost. */
    static final int MOST_UNDER_WAY = 100_000;

    private static final long LEAST_HELD_BACK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final int MOST_PORT = 65_535;

    private final SimulatedNetwork network;
    private final Map<String, DatagramPort> ports = new HashMap<>();
    private int underWay;

    DatagramNetwork(SimulatedNetwork network) {
        this.network = network;
    }

    DatagramEndpoint bind(Host host, int port) {
        if (port < 1 || port > MOST_PORT) {
            throw new IllegalArgumentException("port is " + port + ", must be from 1 to " + MOST_PORT);
        }
        DatagramPort endpoint = new DatagramPort(this, host, port);
        if (ports.putIfAbsent(key(host, port), endpoint) != null) {
            throw new IllegalStateException("port " + port + " of " + host + " is taken");
        }
        return endpoint;
    }

    boolean unbind(Host host, DatagramPort port) {
        return ports.remove(key(host, port.port()), port);
    }

    void send(Host from, int fromPort, byte[] bytes, String toAddress, int toPort) {
        String name = Host.nameOf(toAddress);
        String what = from + ":" + fromPort + ">" + toAddress + ":" + toPort + " datagram of " + bytes.length;
        network.trace(what + " bytes " + checksum(bytes));
        Line line = network.line(from.name(), name);
        int wireBytes = bytes.length + HEADER_BYTES;
        if (wireBytes > line.profile().mtu()) {
            network.trace(what + " lost: larger than the MTU");
            return;
        }
        Line.Passage passage = line.pass(network.nowNanos(), wireBytes);
        if (passage.lost() != null) {
            network.trace(what + " lost: " + passage.lost());
            return;
        }
        if (passage.damaged() && bytes.length > 0) {
            int bit = line.random().nextInt(bytes.length * 8);
            bytes[bit / 8] ^= (byte) (1 << bit % 8);
            network.trace(what + " damaged in bit " + bit);
        }
        Datagram datagram =
                new Datagram(from.address(), fromPort, ByteBuffer.wrap(bytes).asReadOnlyBuffer());
        arrive(datagram, toAddress, toPort, passage.arrivalNanos() + heldBackNanos(line), what);
        if (line.happens(line.profile().duplication())) {
            network.trace(what + " duplicated");
            arrive(datagram, toAddress, toPort, passage.arrivalNanos() + heldBackNanos(line), what);
        }
    }

    /** Long enough that later ones overtake it: up to the latency, but at least up to 5 ms. */
    private static long heldBackNanos(Line line) {
        return line.happens(line.profile().reordering())
                ? 1 + line.random().nextLong(Math.max(line.latencyNanos(), LEAST_HELD_BACK_NANOS))
                : 0;
    }

    private void arrive(Datagram datagram, String toAddress, int toPort, long atNanos, String what) {
        if (underWay == MOST_UNDER_WAY) {
            network.trace(what + " lost: too many under way");
            return;
        }
        underWay++;
        network.after(atNanos - network.nowNanos(), () -> {
            underWay--;
            Host to = network.host(Host.nameOf(toAddress));
            DatagramPort port = to.address().equals(toAddress) ? ports.get(key(to, toPort)) : null;
            if (port == null) {
                network.trace(what + " lost: nobody there");
            } else {
                to.scheduler().schedule(() -> deliver(port, datagram.duplicate(), what));
            }
        });
    }

    private void deliver(DatagramPort port, Datagram datagram, String what) {
        network.trace(what + (port.deliver(datagram) ? " delivered" : " lost: receiver is full"));
    }

    private static String key(Host host, int port) {
        return host.name() + ":" + port;
    }

    private static String checksum(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return Long.toHexString(crc.getValue());
    }
}
