package io.weir.core.list;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IntrusiveListTest {

    private static final class Item extends IntrusiveList.Node<Item> {
        private final int number;

        Item(int number) {
            this.number = number;
        }

        @Override
        public String toString() {
            return Integer.toString(number);
        }
    }

    private final IntrusiveList<Item> list = new IntrusiveList<>();
    private final IntrusiveList<Item> other = new IntrusiveList<>();
    private final Item one = new Item(1);
    private final Item two = new Item(2);
    private final Item three = new Item(3);

    @Test
    void keepsTheOrderInWhichElementsCame() {
        fill();

        assertThat(elements(list)).containsExactly(one, two, three);
        assertThat(list.size()).isEqualTo(3);
        assertThat(list).hasToString("[1;2;3;]");
    }

    @Test
    void closesUpWhereAnElementLeaves() {
        fill();
        list.remove(two);
        assertThat(elements(list)).containsExactly(one, three);
        list.remove(three);
        assertThat(elements(list)).containsExactly(one);
        list.add(two);
        list.remove(one);
        assertThat(elements(list)).containsExactly(two);
        list.remove(two);
        assertThat(list.isEmpty()).isTrue();
        assertThat(list.first()).isNull();
    }

    @Test
    void anElementIsInOneListOnce() {
        fill();

        assertThat(list.add(two)).isFalse();
        assertThat(other.add(two)).isFalse();
        assertThat(other.remove(two)).isFalse();

        assertThat(elements(list)).containsExactly(one, two, three);
        assertThat(other.isEmpty()).isTrue();
        assertThat(list.contains(two)).isTrue();
        assertThat(other.contains(two)).isFalse();
    }

    @Test
    void anElementThatLeavesMayGoElsewhere() {
        fill();

        IntrusiveList.leave(two);
        IntrusiveList.leave(two);

        assertThat(elements(list)).containsExactly(one, three);
        assertThat(other.add(two)).isTrue();
        assertThat(elements(other)).containsExactly(two);
        assertThat(list.remove(two)).isFalse();
    }

    @Test
    void agreesWithAListOfReferencesWhateverIsDone() {
        List<Item> items = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            items.add(new Item(i));
        }
        List<Item> model = new ArrayList<>();
        Random random = new Random(7);
        for (int i = 0; i < 5_000; i++) {
            Item item = items.get(random.nextInt(items.size()));
            if (random.nextBoolean()) {
                assertThat(list.add(item)).isEqualTo(!model.contains(item));
                if (!model.contains(item)) {
                    model.add(item);
                }
            } else {
                assertThat(list.remove(item)).isEqualTo(model.remove(item));
            }
            assertThat(elements(list)).isEqualTo(model);
            assertThat(list.size()).isEqualTo(model.size());
        }
    }

    private void fill() {
        list.add(one);
        list.add(two);
        list.add(three);
    }

    private static List<Item> elements(IntrusiveList<Item> of) {
        List<Item> elements = new ArrayList<>();
        for (Item item = of.first(); item != null; item = of.after(item)) {
            elements.add(item);
        }
        return elements;
    }
}
