package io.weir.test.simulation;

import io.weir.test.simulation.Wish.Way;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Who wants whom in a swarm, by chance: each host a few others, of which about every second one wants it too. */
final class Acquaintances {

    private static final int MOST_CHOSEN = 4;

    private Acquaintances() {}

    /** Two hosts of which at least one wants the other. */
    record Pair(String low, String high) {

        static Pair of(Wish wish) {
            return wish.from().compareTo(wish.to()) < 0
                    ? new Pair(wish.from(), wish.to())
                    : new Pair(wish.to(), wish.from());
        }

        @Override
        public String toString() {
            return low + " and " + high;
        }
    }

    static List<Wish> of(List<String> hosts, Random random) {
        List<Wish> wishes = new ArrayList<>();
        Set<Pair> pairs = new HashSet<>();
        for (String from : hosts) {
            int count = 1 + random.nextInt(MOST_CHOSEN);
            for (int i = 0; i < count; i++) {
                String to = hosts.get(random.nextInt(hosts.size()));
                Wish wish = new Wish(from, to, random.nextBoolean() ? Way.ADDRESS : Way.ADDRESS_AND_ID);
                if (!from.equals(to) && pairs.add(Pair.of(wish))) {
                    wishes.add(wish);
                    if (random.nextBoolean()) {
                        wishes.add(new Wish(to, from, Way.values()[random.nextInt(Way.values().length)]));
                    }
                }
            }
        }
        return wishes;
    }
}
