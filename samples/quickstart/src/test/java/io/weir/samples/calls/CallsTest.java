package io.weir.samples.calls;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

final class CallsTest {

    private final List<String> log = new CopyOnWriteArrayList<>();

    @Test
    void eachSubscriberHasAStreamOfItsOwn() {
        OwnStreams.runNow(log::add);
        assertThat(log).containsExactly("the first gets [1, 2, 3]", "the second gets [1, 2, 3, 4]", "live sessions: 1");
    }

    @Test
    void callsOnAPeerWaitForItsSession() {
        AcrossSessions.runNow(log::add);
        assertThat(log)
                .containsExactly(
                        "nobody knows where it is: NOT_CONNECTED",
                        "it does not come in time: NOT_CONNECTED",
                        "it is being dialled: echo 3",
                        "it has moved: echo 4");
    }

    @Test
    void headersAndContextReachTheHandlers() {
        Tenants.runNow(log::add);
        assertThat(log)
                .containsExactly(
                        "price of chair in EUR for acme", "note hello in EUR for acme", "offers in EUR for acme");
    }

    @Test
    void twoSidesMeetOnOneStream() {
        Meeting.runNow(log::add);
        assertThat(log).containsExactly("good morning to you", "good night to you");
    }
}
