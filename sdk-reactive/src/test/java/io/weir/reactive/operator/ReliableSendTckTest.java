package io.weir.reactive.operator;

import io.weir.core.wire.LinkFrame.Feedback;
import io.weir.core.wire.PacketRange;
import java.util.List;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/** The sender as a publisher, over a wire that acknowledges each element as it passes. */
public class ReliableSendTckTest extends PublisherVerification<Numbered<Integer>> {

    private static final RecoverySettings SETTINGS = RecoverySettings.defaults().withMaxWaiting(3);

    public ReliableSendTckTest() {
        super(Tck.environment());
    }

    @Override
    public Publisher<Numbered<Integer>> createPublisher(long elements) {
        Flux<Integer> numbers = Flux.range(0, (int) Math.min(Integer.MAX_VALUE, elements));
        return Flux.defer(() -> {
            Sinks.Many<Feedback> feedback = Sinks.many().unicast().onBackpressureBuffer();
            return numbers.transform(Reliability.send(feedback.asFlux(), SETTINGS, Schedulers.parallel(), lost -> lost))
                    .doOnNext(sent ->
                            feedback.tryEmitNext(new Feedback(List.of(new PacketRange(0, sent.number())), 0, 0, 0, 0)));
        });
    }

    @Override
    public Publisher<Numbered<Integer>> createFailedPublisher() {
        return Flux.<Integer>error(new IllegalStateException("on purpose"))
                .transform(Reliability.send(Flux.never(), SETTINGS, Schedulers.parallel(), lost -> lost));
    }
}
