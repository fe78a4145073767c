package io.weir.reactive.balance;

import io.weir.core.balance.PeerSelector;
import io.weir.core.identity.PeerId;
import java.util.Arrays;
import java.util.function.Predicate;

/** Those that may be chosen, as it was settled last. Immutable but for what their members count. */
final class Choice {

    static final Choice NOBODY = new Choice(new Member[0]);

    private final Member[] members;
    private final PeerSelector.Candidates byRequests;
    private final PeerSelector.Candidates byStreams;

    private Choice(Member[] members) {
        this.members = members;
        byRequests = new Loads(members, Kind.REQUEST);
        byStreams = new Loads(members, Kind.STREAM);
    }

    static Choice of(Iterable<Member> members, Predicate<Member> chosen) {
        Member[] all = new Member[16];
        int size = 0;
        for (Member member : members) {
            if (chosen.test(member)) {
                all = size == all.length ? Arrays.copyOf(all, 2 * size) : all;
                all[size++] = member;
            }
        }
        return new Choice(Arrays.copyOf(all, size));
    }

    int size() {
        return members.length;
    }

    Member member(int index) {
        return members[index];
    }

    PeerSelector.Candidates by(Kind kind) {
        return kind == Kind.STREAM ? byStreams : byRequests;
    }

    /** Those of them that are not meant. */
    Choice without(Predicate<Member> left) {
        return of(Arrays.asList(members), left.negate());
    }

    /** Whether somebody takes calls at this moment. */
    boolean isUsable() {
        for (Member member : members) {
            if (member.usable() != null) {
                return true;
            }
        }
        return false;
    }

    boolean sameAs(Choice other) {
        return Arrays.equals(members, other.members);
    }

    /** What a selector sees of them. */
    private record Loads(Member[] members, Kind kind) implements PeerSelector.Candidates {

        @Override
        public int size() {
            return members.length;
        }

        @Override
        public PeerId peer(int index) {
            return members[index].id();
        }

        @Override
        public int outstanding(int index) {
            return members[index].outstanding(kind);
        }

        @Override
        public long hash(int index) {
            return members[index].hash();
        }
    }
}
