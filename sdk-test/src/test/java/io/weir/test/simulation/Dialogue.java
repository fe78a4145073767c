package io.weir.test.simulation;

import io.weir.core.error.WeirException;
import io.weir.reactive.Message;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerSession;
import io.weir.reactive.codec.Codec;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** All requests and one-way messages of a run: each has one end, and is processed at most once, whatever happens. */
final class Dialogue {

    private static final String ECHO = "echo";
    private static final String NOTE = "note";
    private static final int NUMBER_BYTES = 4;

    private final Consumer<String> violations;
    private final List<Question> questions = new ArrayList<>();

    Dialogue(Consumer<String> violations) {
        this.violations = violations;
    }

    PeerNodeSpec answering(PeerNodeSpec spec) {
        return spec.onRequest(ECHO, request -> {
                    question(request.payload()).processed();
                    return Mono.just(request.payload());
                })
                .onMessage(NOTE, message -> Mono.fromRunnable(() -> note(message)));
    }

    private void note(Message message) {
        question(ByteBuffer.wrap(message.decode(Codec.bytes()))).processed();
    }

    private Question question(ByteBuffer payload) {
        return questions.get(payload.getInt(payload.position()));
    }

    void ask(PeerSession session, int size) {
        Question question = next(session, size);
        session.request(ECHO, question.payload, Codec.bytes(), Codec.bytes())
                .subscribe(question::answer, question::failed, question::ended);
    }

    void tell(PeerSession session, int size) {
        Question question = next(session, size);
        session.send(NOTE, question.payload, Codec.bytes()).subscribe(none -> {}, question::failed, question::ended);
    }

    private Question next(PeerSession session, int size) {
        byte[] payload = new byte[NUMBER_BYTES + size];
        ByteBuffer.wrap(payload).putInt(questions.size());
        Question question = new Question(session, payload);
        questions.add(question);
        return question;
    }

    /** Where nothing is under way any more. */
    void checkSettled() {
        questions.forEach(Question::check);
    }

    private final class Question {
        private final PeerSession session;
        private final byte[] payload;
        private int processed;
        private int ends;
        private boolean answered;
        private @Nullable Throwable failure;

        Question(PeerSession session, byte[] payload) {
            this.session = session;
            this.payload = payload;
        }

        void processed() {
            processed++;
        }

        void answer(byte[] answer) {
            answered = Arrays.equals(answer, payload);
            require(answered, "the answer is what was asked");
        }

        void failed(Throwable e) {
            failure = e;
            ends++;
        }

        void ended() {
            ends++;
        }

        void check() {
            require(ends == 1, "a message has one end");
            require(processed <= 1, "a message is processed once");
            require(!answered || processed == 1, "who answers has processed it");
            require(failure == null || failure instanceof WeirException, "a message fails with a type");
            boolean lived = !session.isDisposed();
            require(!lived || failure != null || processed == 1, "what was sent on a session that lives was processed");
        }

        private void require(boolean legal, String rule) {
            if (!legal) {
                violations.accept(rule + ": " + payload.length + " bytes, " + ends + " ends, processed " + processed
                        + (answered ? ", answered" : "") + (failure == null ? "" : ", failed with " + failure));
            }
        }
    }
}
