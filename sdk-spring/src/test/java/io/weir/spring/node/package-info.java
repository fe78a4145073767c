@NullMarked
package io.weir.spring.node;

import org.jspecify.annotations.NullMarked;
