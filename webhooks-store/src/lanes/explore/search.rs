//! Breadth first through the states; a violation is shown with the shortest way to it.

use std::collections::hash_map::{DefaultHasher, Entry};
use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::hash::{Hash, Hasher};

use super::bounds::Bounds;
use super::world::{Step, World};

/// What an exploration found.
pub(super) struct Found {
    states: usize,
    is_complete: bool,
    pub(super) violations: Vec<Violation>,
}

/// An invariant that does not hold, and how to see it.
pub(super) struct Violation {
    pub(super) invariant: &'static str,
    way: Vec<Step>,
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bound = if self.is_complete { "all" } else { "bounded" };
        write!(f, "{} states, {bound}", self.states)?;
        for violation in &self.violations {
            write!(f, "\n{} after {:?}", violation.invariant, violation.way)?;
        }
        Ok(())
    }
}

/// What is kept of a state: how it was reached, what it leads to.
struct Node {
    from: Option<(usize, Step)>,
    next: Vec<usize>,
    is_done: bool,
    is_live: bool,
    is_expanded: bool,
}

/// Looks at so many states at most, and no further once an invariant is broken that is expected to be.
pub(super) fn explore(bounds: Bounds, most: usize, expected: Option<&'static str>) -> Found {
    let mut search = Search::default();
    let start = World::new(bounds);
    search.see(start, None);
    let mut violations: Vec<Violation> = Vec::new();
    while let Some((number, world)) = search.queue.pop_front() {
        search.nodes[number].is_expanded = true;
        for step in world.steps() {
            let mut next = world.clone();
            let broken = next.take(step);
            let reached = search.see(next, Some((number, step)));
            search.nodes[number].next.push(reached);
            for invariant in broken {
                if violations
                    .iter()
                    .all(|violation| violation.invariant != invariant)
                {
                    let mut way = search.way(number);
                    way.push(step);
                    violations.push(Violation { invariant, way });
                }
            }
        }
        let is_found = |violation: &Violation| Some(violation.invariant) == expected;
        if search.nodes.len() >= most || violations.iter().any(is_found) {
            break;
        }
    }
    let is_complete = search.queue.is_empty();
    if let Some(stuck) = search.stuck() {
        let way = search.way(stuck);
        violations.push(Violation {
            invariant: "I7",
            way,
        });
    }
    Found {
        states: search.nodes.len(),
        is_complete,
        violations,
    }
}

#[derive(Default)]
struct Search {
    seen: HashMap<(u64, u64), usize>,
    nodes: Vec<Node>,
    queue: VecDeque<(usize, World)>,
}

impl Search {
    fn see(&mut self, world: World, from: Option<(usize, Step)>) -> usize {
        match self.seen.entry(fingerprint(&world)) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(new) => {
                let number = self.nodes.len();
                new.insert(number);
                self.nodes.push(Node {
                    from,
                    next: Vec::new(),
                    is_done: world.is_done(),
                    is_live: world.has_live_owner(),
                    is_expanded: false,
                });
                self.queue.push_back((number, world));
                number
            }
        }
    }

    fn way(&self, mut number: usize) -> Vec<Step> {
        let mut way = Vec::new();
        while let Some((from, step)) = self.nodes[number].from {
            way.push(step);
            number = from;
        }
        way.reverse();
        way
    }

    /// A state with an owner from which no way leads to the end of all rows. States at the bound lead anywhere.
    fn stuck(&self) -> Option<usize> {
        let mut before: Vec<Vec<usize>> = vec![Vec::new(); self.nodes.len()];
        for (number, node) in self.nodes.iter().enumerate() {
            for next in &node.next {
                before[*next].push(number);
            }
        }
        let is_good = |node: &Node| node.is_done || !node.is_expanded;
        let mut good: Vec<bool> = self.nodes.iter().map(is_good).collect();
        let mut queue: Vec<_> = (0..good.len()).filter(|number| good[*number]).collect();
        while let Some(number) = queue.pop() {
            for earlier in &before[number] {
                if !std::mem::replace(&mut good[*earlier], true) {
                    queue.push(*earlier);
                }
            }
        }
        (0..good.len()).find(|number| !good[*number] && self.nodes[*number].is_live)
    }
}

/// 128 bits: with a million states, two share them once in 10^26 explorations.
fn fingerprint(world: &World) -> (u64, u64) {
    let hash = |salt: u8| {
        let mut hasher = DefaultHasher::new();
        (salt, world).hash(&mut hasher);
        hasher.finish()
    };
    (hash(0), hash(1))
}
