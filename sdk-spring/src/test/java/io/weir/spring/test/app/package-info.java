@NullMarked
package io.weir.spring.test.app;

import org.jspecify.annotations.NullMarked;
