package io.weir.spring.test.app;

import org.springframework.stereotype.Service;

/** Is no part of a slice. */
@Service
public class NotForTests {
    NotForTests() {
        throw new IllegalStateException("a component that has nothing to do with peers is made");
    }
}
