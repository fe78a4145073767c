package io.weir.test.simulation;

import io.weir.test.network.Datagram;
import io.weir.test.network.SimulatedNetwork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The smallest reliable protocol over datagrams, for tests of the network: a window of numbered segments, each repeated
 * until it is acknowledged. A receiver answers each segment with the number of the next one that is missing, to wherever
 * the segment came from. A {@link DatagramWatch} keeps damage from both.
 */
final class Arq {

    private static final int WINDOW = 8;

    private Arq() {}

    /** Sends its contents, in order, until the other end has all of them. */
    static final class Sender {
        private final SimulatedNetwork network;
        private final DatagramWatch endpoint;
        private final String toHost;
        private final int toPort;
        private final Duration timeout;
        private final List<byte[]> contents;
        private int acknowledged;
        private int sent;

        Sender(
                SimulatedNetwork network,
                DatagramWatch endpoint,
                String toHost,
                int toPort,
                Duration timeout,
                List<byte[]> contents) {
            this.network = network;
            this.endpoint = endpoint;
            this.toHost = toHost;
            this.toPort = toPort;
            this.timeout = timeout;
            this.contents = contents;
            endpoint.onReceived(this::acknowledged);
        }

        void start() {
            fillWindow();
            repeat();
        }

        private void fillWindow() {
            while (sent < Math.min(acknowledged + WINDOW, contents.size())) {
                send(sent++);
            }
        }

        private void send(int number) {
            endpoint.send(number, contents.get(number), network.addressOf(toHost), toPort);
        }

        private void repeat() {
            int before = acknowledged;
            network.after(timeout, () -> {
                if (!isDone()) {
                    if (acknowledged == before) {
                        for (int i = acknowledged; i < sent; i++) {
                            send(i);
                        }
                    }
                    repeat();
                }
            });
        }

        private void acknowledged(Datagram from, int next, byte[] nothing) {
            acknowledged = Math.max(acknowledged, next);
            fillWindow();
        }

        boolean isDone() {
            return acknowledged == contents.size();
        }
    }

    /** Takes segments, in any order, and hands them over in theirs. */
    static final class Receiver {
        final List<byte[]> delivered = new ArrayList<>();
        private final DatagramWatch endpoint;
        private final NavigableMap<Integer, byte[]> early = new TreeMap<>();

        Receiver(DatagramWatch endpoint) {
            this.endpoint = endpoint;
            endpoint.onReceived(this::segment);
        }

        private void segment(Datagram from, int number, byte[] content) {
            if (number >= delivered.size()) {
                early.put(number, content);
            }
            byte[] next;
            while ((next = early.remove(delivered.size())) != null) {
                delivered.add(next);
            }
            endpoint.send(delivered.size(), new byte[0], from.host(), from.port());
        }
    }
}
