package io.weir.samples.quickstart;

import io.weir.Weir;
import io.weir.core.identity.Identity;
import io.weir.core.peer.PeerAddress;
import io.weir.core.stream.StreamConfig;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerStream;
import io.weir.reactive.StreamOpen;
import io.weir.reactive.codec.Codec;
import java.time.Duration;
import reactor.core.publisher.Flux;

/**
 * Two nodes, one stream of quotes, and a subscriber that asks for some, then rests: watch the publisher, which knows
 * nothing of networks, run out of credit, stop, and go on.
 */
public final class Quickstart {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int WINDOW_BYTES = 16 * 1024;
    private static final Duration PACE = Duration.ofMillis(2);
    private static final Duration RUN = Duration.ofSeconds(10);

    private Quickstart() {}

    /** One element; travels as JSON. */
    public record Quote(String symbol, long number, double price) {}

    /** Runs for ten seconds. */
    public static void main(String[] args) {
        runNow(RUN).printSummary();
    }

    static Meter runNow(Duration time) {
        Meter meter = new Meter();

        // The publishing node: whoever subscribes to "quotes" gets quotes, as fast as it takes them.
        PeerNode publisher = Weir.node()
                .identity(Identity.generate())
                .listen(PeerAddress.tcp("127.0.0.1", 0))
                .onStream("quotes", stream -> stream.send(quotes(meter, stream), Codec.json(Quote.class)))
                .startNow(PATIENCE);
        PeerAddress address = publisher.addresses().get(0);

        // The subscribing node. Its window is what may be under way before anybody asks for it: 16 KiB, some 200
        // quotes.
        // By default it is 64 KiB and grows by itself, which is fast, but less of a show.
        PeerNode subscriber = Weir.node()
                .limits(NodeLimits.defaults().withInitialWindowBytes(WINDOW_BYTES))
                .startNow(PATIENCE);
        PeerSession session = subscriber.connectNow(address, PATIENCE);
        StreamConfig window = StreamConfig.reliable().withFixedWindow(WINDOW_BYTES);

        SlowSubscriber slow = new SlowSubscriber(meter);
        session.subscribe(StreamOpen.named("quotes"), window, Codec.json(Quote.class))
                .subscribe(slow);

        System.out.println("publisher  " + address);
        System.out.println("subscriber " + subscriber.id() + "\n");
        meter.printNow(slow, time);

        slow.cancel(); // crosses the wire too: the publisher is cancelled
        subscriber.close().then(publisher.close()).block(PATIENCE);
        return meter;
    }

    /** An endless publisher; the meter sees what is asked of it and what it emits. */
    private static Flux<Quote> quotes(Meter meter, PeerStream stream) {
        return Flux.<Quote, Long>generate(() -> 1L, (number, sink) -> {
                    sink.next(new Quote("ACME", number, 100 + number % 100 / 10.0));
                    return number + 1;
                })
                .delayElements(PACE)
                .doOnSubscribe(subscription -> meter.sentOn(stream))
                .doOnRequest(meter::askedOfPublisher)
                .doOnNext(quote -> meter.emitted())
                .doOnCancel(meter::publisherCancelled);
    }
}
