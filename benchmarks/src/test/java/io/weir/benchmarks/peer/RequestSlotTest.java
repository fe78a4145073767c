package io.weir.benchmarks.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class RequestSlotTest {
    private static final int BYTES = 16;
    private static final int SLOT = 0x01020304;

    private final List<Throwable> failures = new ArrayList<>();
    private final ReplyRecorder recorder = new ReplyRecorder(BYTES);
    private final Gate gate = Gate.opened();

    @Test
    void asksAgainOnEachReply() {
        start(List.of(
                Mono.just(Requests.payload(SLOT, BYTES)), Mono.just(Requests.payload(SLOT, BYTES)), Mono.never()));

        assertThat(recorder.counter().elements()).isEqualTo(2);
        assertThat(recorder.counter().bytes()).isEqualTo(2 * BYTES);
        assertThat(recorder.counter().corrupt()).isZero();
        assertThat(failures).isEmpty();
    }

    @Test
    void recordsHowLongEachReplyTook() {
        start(List.of(
                Mono.just(Requests.payload(SLOT, BYTES)), Mono.just(Requests.payload(SLOT, BYTES)), Mono.never()));
        Histogram total = new Histogram(ReplyRecorder.DIGITS);

        recorder.drainTo(total);
        recorder.drainTo(total);

        assertThat(total.getTotalCount()).isEqualTo(2);
    }

    @Test
    void asksNothingBeforeTheGateOpens() {
        gate.close();
        start(List.of(Mono.just(Requests.payload(SLOT, BYTES)), Mono.never()));
        assertThat(recorder.counter().elements()).isZero();

        gate.open();

        assertThat(recorder.counter().elements()).isEqualTo(1);
    }

    @Test
    void asksAgainOnlyWhenAGateThatWasClosedMeanwhileOpens() {
        start(List.of(
                Mono.just(Requests.payload(SLOT, BYTES)).doOnNext(reply -> gate.close()),
                Mono.just(Requests.payload(SLOT, BYTES)),
                Mono.never()));
        assertThat(recorder.counter().elements()).isEqualTo(1);

        gate.open();

        assertThat(recorder.counter().elements()).isEqualTo(2);
    }

    @Test
    void noticesTheReplyToAnotherRequest() {
        start(List.of(Mono.just(Requests.payload(SLOT + 1, BYTES)), Mono.never()));

        assertThat(recorder.counter().corrupt()).isEqualTo(1);
    }

    @Test
    void reportsARequestThatFails() {
        start(List.of(Mono.error(new IllegalStateException("lost"))));

        assertThat(failures).singleElement().extracting(Throwable::getMessage).isEqualTo("lost");
    }

    @Test
    void reportsARequestWithoutReply() {
        start(List.of(Mono.empty()));

        assertThat(failures)
                .singleElement()
                .extracting(Throwable::getMessage)
                .isEqualTo("a request completed without a reply");
    }

    private void start(List<Mono<byte[]>> answers) {
        Iterator<Mono<byte[]>> next = answers.iterator();
        Replies replies = new Replies() {
            @Override
            public ReplyRecorder recorder() {
                return recorder;
            }

            @Override
            public Gate gate() {
                return gate;
            }

            @Override
            public void failed(Throwable reason) {
                failures.add(reason);
            }
        };
        new RequestSlot<byte[]>(SLOT, replies) {
            @Override
            protected Mono<byte[]> request() {
                return next.next();
            }

            @Override
            protected void take(byte[] value, Reply reply) {
                int slot = ByteBuffer.wrap(value).getInt(Requests.SLOT_OFFSET);
                reply.arrived(value.length, value[0], slot, value[value.length - 1]);
            }
        }.start();
    }
}
