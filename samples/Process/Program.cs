// One worker process that runs a function, and a parent that waits for it. In Python:
//
//     def hello(name): print("hello", name)
//     process = Process(target=hello, args=("sxt",)); process.start(); process.join()
//
// With --connect HOST:PORT it runs on the cluster of that coordinator.
using Actors;

await using var process = await WorkerProcess.StartAsync(Hello, "sxt", connect: args.LastOrDefault());
await process.JoinAsync();

static void Hello(string name) => Console.WriteLine($"hello {name}");
