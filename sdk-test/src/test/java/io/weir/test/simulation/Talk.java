package io.weir.test.simulation;

import io.weir.reactive.PeerSession;
import io.weir.reactive.codec.Codec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * What one side asks and tells over one session, and what must come of it. Messages keep no order among themselves: a
 * small one passes a large one that goes in fragments.
 */
final class Talk {

    static final String ECHO = "echo";
    static final String NOTE = "note";

    private final String name;
    private final PeerSession session;
    private final Consumer<String> violations;
    private final List<byte[]> notesUnderWay = new ArrayList<>();
    private final List<Question> questions = new ArrayList<>();
    private int number;

    Talk(String name, PeerSession session, Consumer<String> violations) {
        this.name = name;
        this.session = session;
        this.violations = violations;
    }

    void ask(int size) {
        Question question = new Question(Source.element(number++, size));
        questions.add(question);
        session.request(ECHO, question.asked, Codec.bytes(), Codec.bytes())
                .subscribe(question::answer, e -> question.fail(), question::end);
    }

    void tell(int size) {
        byte[] note = Source.element(number++, Math.max(4, size)); // each is another one
        Question question = new Question(note);
        questions.add(question);
        notesUnderWay.add(note);
        session.send(NOTE, note, Codec.bytes()).subscribe(none -> {}, e -> question.fail(), () -> {
            question.answered = true;
            question.end();
        });
    }

    void heard(byte[] note) {
        if (!notesUnderWay.removeIf(told -> Arrays.equals(told, note))) {
            violations.accept(name + ": a note of " + note.length + " bytes was not told, or is heard twice");
        }
    }

    /** Where nothing is under way. */
    void checkSettled(boolean live) {
        for (Question question : questions) {
            if (question.ends != 1) {
                violations.accept(name + ": " + question.ends + " ends of a message");
            }
            if (live && !question.answered) {
                violations.accept(name + ": a message was not answered, or not sent");
            }
        }
        questions.clear();
        if (live && !notesUnderWay.isEmpty()) {
            violations.accept(name + ": " + notesUnderWay.size() + " notes have not arrived");
        }
    }

    private final class Question {
        private final byte[] asked;
        private boolean answered;
        private int ends;

        Question(byte[] asked) {
            this.asked = asked;
        }

        void answer(byte[] answer) {
            answered = Arrays.equals(asked, answer);
        }

        void fail() {
            ends++;
        }

        void end() {
            ends++;
        }
    }
}
