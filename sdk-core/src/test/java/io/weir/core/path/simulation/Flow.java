package io.weir.core.path.simulation;

import io.weir.core.path.PacketRttEstimator;
import io.weir.core.path.Path;
import io.weir.core.path.PathSettings;
import io.weir.core.path.PathStats;
import io.weir.core.path.simulation.Receiver.Feedback;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * A sender with a {@link Path}, through a bottleneck to a receiver. It detects losses as RFC 9002 section 6 says, plainly:
 * the packet threshold of 3, the time threshold of 9/8, probe time-outs; and persistent congestion (section 7.6).
 */
final class Flow {

    private static final long PACKET_THRESHOLD = 3;
    private static final long GRANULARITY_NANOS = 1_000_000L;

    private final Clock clock;
    private final Bottleneck bottleneck;
    private final Application application;
    private final Receiver receiver;
    private final PacketRttEstimator rtt = new PacketRttEstimator(Receiver.MAX_ACK_DELAY_NANOS);
    private final Path path;
    private final Map<Long, Packet> outstanding = new LinkedHashMap<>();
    private final Set<Long> lostAndNotSeen = new HashSet<>();
    private final Runnable afterFeedback;
    private long nextNumber;
    private long largestAcked = -1;
    private long marks;
    private long firstSampleNanos = Long.MAX_VALUE;
    private int probeTimeouts;
    private long wakeTimer;
    private long lossTimer;

    Flow(Clock clock, Bottleneck bottleneck, long returnNanos, Application application, PathSettings settings) {
        this(clock, bottleneck, returnNanos, application, new Curve(), settings);
    }

    Flow(
            Clock clock,
            Bottleneck bottleneck,
            long returnNanos,
            Application application,
            Curve curve,
            PathSettings settings) {
        this.clock = clock;
        this.bottleneck = bottleneck;
        this.application = application;
        path = new Path(settings, rtt, 0, clock.nowNanos());
        receiver = new Receiver(clock, returnNanos, this::onFeedback);
        afterFeedback = () -> curve.onFeedback(clock.nowNanos(), largestAcked, nextNumber - 1, path.stats(0));
        curve.begin(path.stats(0));
    }

    /** Begins to send. */
    void start() {
        sendAll();
    }

    PathStats stats() {
        return path.stats(0);
    }

    /** Bytes that have arrived. */
    long delivered() {
        return receiver.bytes();
    }

    private void sendAll() {
        long now = clock.nowNanos();
        int probe = path.mtuProbeDue(now);
        if (probe != 0) {
            path.onMtuProbeSent(nextNumber, probe, now);
            transmit(probe);
        }
        while (true) {
            long available = application.available(now);
            if (available < path.datagramBytes()) {
                wakeAt(application.nextNanos(now, path.datagramBytes()));
                break;
            }
            int allowed = path.sendableBytes(now);
            if (allowed == 0) {
                wakeAt(path.readyNanos(now));
                break;
            }
            for (int sent = 0; sent < allowed && available >= path.datagramBytes(); sent += path.datagramBytes()) {
                send(path.datagramBytes());
                available -= path.datagramBytes();
            }
        }
        armLossTimer();
    }

    private void send(int bytes) {
        path.onSent(nextNumber, bytes, clock.nowNanos());
        application.take(bytes);
        transmit(bytes);
    }

    private void transmit(int bytes) {
        Packet packet = new Packet(nextNumber++, bytes, clock.nowNanos());
        outstanding.put(packet.number, packet);
        long arrival = bottleneck.arrival(packet, clock.nowNanos());
        if (arrival != Bottleneck.DROPPED) {
            clock.at(arrival, () -> receiver.onPacket(packet));
        }
    }

    private void wakeAt(long nanos) {
        long armed = ++wakeTimer;
        if (nanos != Long.MAX_VALUE) {
            clock.timer(nanos, () -> {
                if (armed == wakeTimer) {
                    sendAll();
                }
            });
        }
    }

    private void onFeedback(Feedback feedback) {
        long now = clock.nowNanos();
        probeTimeouts = 0;
        Packet largest = feedback.packets().stream()
                .max((a, b) -> Long.compare(a.number, b.number))
                .orElseThrow();
        boolean sampled = false;
        if (largest.number > largestAcked) {
            largestAcked = largest.number;
            firstSampleNanos = Math.min(firstSampleNanos, now);
            rtt.onSample(now - largest.sentNanos, feedback.ackDelayNanos());
            sampled = true;
        }
        for (Packet packet : feedback.packets()) {
            packet.acked = true;
            outstanding.remove(packet.number);
            path.onAcked(packet.number, packet.bytes, packet.lost, now);
            if (packet.lost && lostAndNotSeen.remove(packet.number) && lostAndNotSeen.isEmpty()) {
                path.onSpuriousLoss(packet.number);
            }
        }
        if (sampled) {
            path.onRoundTrip();
        }
        detectLosses(now);
        if (feedback.marks() > marks) {
            marks = feedback.marks();
            path.onMarked();
        }
        path.onFeedbackEnd(now);
        afterFeedback.run();
        sendAll();
    }

    private void detectLosses(long now) {
        PathStats stats = path.stats(0);
        long patience = Math.max(Math.max(stats.smoothedRttNanos(), rtt.latestNanos()) * 9 / 8, GRANULARITY_NANOS);
        long firstLostNanos = -1;
        long lastLostNanos = -1;
        long previous = -2;
        boolean persistent = false;
        for (Iterator<Packet> all = outstanding.values().iterator(); all.hasNext(); ) {
            Packet packet = all.next();
            if (packet.number > largestAcked) {
                break;
            }
            if (packet.number > largestAcked - PACKET_THRESHOLD && packet.sentNanos + patience > now) {
                continue;
            }
            all.remove();
            packet.lost = true;
            lostAndNotSeen.add(packet.number);
            path.onLost(packet.number, packet.bytes);
            if (packet.number != previous + 1 || firstLostNanos < firstSampleNanos) {
                firstLostNanos = packet.sentNanos;
            }
            previous = packet.number;
            lastLostNanos = packet.sentNanos;
            persistent |= firstLostNanos >= firstSampleNanos && lastLostNanos - firstLostNanos > 3 * probeTimeout();
        }
        if (persistent) {
            rtt.onPersistentCongestion();
            path.onPersistentLoss();
        }
    }

    private long probeTimeout() {
        return rtt.smoothedNanos()
                + Math.max(4 * rtt.variationNanos(), GRANULARITY_NANOS)
                + Receiver.MAX_ACK_DELAY_NANOS;
    }

    private void armLossTimer() {
        long armed = ++lossTimer;
        if (outstanding.isEmpty()) {
            return;
        }
        Packet oldest = outstanding.values().iterator().next();
        long now = clock.nowNanos();
        if (oldest.number < largestAcked) {
            long patience = Math.max(rtt.smoothedNanos(), rtt.latestNanos()) * 9 / 8;
            clock.timer(oldest.sentNanos + Math.max(patience, GRANULARITY_NANOS), () -> {
                if (armed == lossTimer) {
                    detectLosses(clock.nowNanos());
                    path.onFeedbackEnd(clock.nowNanos());
                    sendAll();
                }
            });
            return;
        }
        clock.timer(now + (probeTimeout() << probeTimeouts), () -> {
            if (armed == lossTimer) {
                probeTimeouts++;
                send(Path.LOSS_PROBE_BYTES); // whatever window and pacer say (RFC 9002 section 7.5)
                send(Path.LOSS_PROBE_BYTES);
                armLossTimer();
            }
        });
    }
}
