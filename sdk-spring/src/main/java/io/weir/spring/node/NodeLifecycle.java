package io.weir.spring.node;

import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerNodeSpec;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;

/**
 * Starts the node before the web server takes requests, and ends it when the web server has written its last response: until then
 * requests in progress may ask its peers. Then sessions are drained, which tells the peers to go elsewhere.
 */
public final class NodeLifecycle extends Stage {

    /**
     * Boot's web servers start and stop at 2,048 below the highest phase, and wait for their responses at 1,024 below it. What stops
     * later starts earlier.
     */
    public static final int PHASE = DEFAULT_PHASE - 3_072;

    private static final Logger LOG = LoggerFactory.getLogger(NodeLifecycle.class);

    private final NodeStarter starter;
    private final UnaryOperator<PeerNodeSpec> declaration;
    private final ApplicationNode node;
    private final ConfiguredPeers peers;
    private final ApplicationEventPublisher events;
    private final Duration grace;

    /**
     * @param declaration what the application declares of its node
     * @param node what the beans have of it
     * @param events told of each start, by {@link NodeStarted}
     * @param grace how long a drain may take; zero closes at once
     */
    public NodeLifecycle(
            NodeStarter starter,
            UnaryOperator<PeerNodeSpec> declaration,
            ApplicationNode node,
            ConfiguredPeers peers,
            ApplicationEventPublisher events,
            Duration grace) {
        super(PHASE);
        this.starter = starter;
        this.declaration = declaration;
        this.node = node;
        this.peers = peers;
        this.events = events;
        this.grace = grace;
    }

    @Override
    public void start() {
        PeerNode started = starter.startNow(declaration);
        node.become(started);
        try {
            peers.wantAt(started);
            LOG.info("Weir node {} listens at {}", started.id(), started.addresses());
            if (!started.addresses().isEmpty()) {
                stayAliveWith(started);
            }
            events.publishEvent(new NodeStarted(node));
            started();
        } catch (RuntimeException e) {
            started.dispose();
            throw e;
        }
    }

    /** The loops are daemons, as those of Boot's web servers are: without such a thread the process would end with its main method. */
    private static void stayAliveWith(PeerNode listening) {
        CountDownLatch closed = new CountDownLatch(1);
        listening.onClose().doFinally(signal -> closed.countDown()).subscribe();
        Thread waiting = new Thread(
                () -> {
                    try {
                        closed.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt(); // whoever interrupts it wants the process to end
                    }
                },
                "weir-node");
        waiting.setDaemon(false);
        waiting.start();
    }

    @Override
    public void stop() {
        stopping();
        node.dispose();
    }

    @Override
    public void stop(Runnable callback) {
        if (!stopping() || grace.isZero()) {
            stop();
            callback.run();
            return;
        }
        node.shutdown(grace)
                .doOnError(e -> LOG.warn("the node did not stop in good order", e))
                .onErrorComplete()
                .doFinally(signal -> callback.run())
                .subscribe();
    }
}
