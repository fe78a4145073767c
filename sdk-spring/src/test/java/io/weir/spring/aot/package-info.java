@NullMarked
package io.weir.spring.aot;

import org.jspecify.annotations.NullMarked;
