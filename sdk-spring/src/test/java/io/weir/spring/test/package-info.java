@NullMarked
package io.weir.spring.test;

import org.jspecify.annotations.NullMarked;
