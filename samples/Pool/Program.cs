// A pool of three processes, two producers and a consumer submitted to it. In Python:
//
//     pool, q = Pool(3), Manager().Queue()
//     pool.apply_async(write, (q, range(11, 16))); pool.apply_async(write, (q, range(1, 6)))
//     pool.apply_async(read, (q, 10))
//     pool.close(); pool.join()
//
// With --connect HOST:PORT it runs on the cluster of that coordinator.
using Actors;

var connect = args.LastOrDefault();
await using var manager = await Manager.StartAsync(connect);
await using var pool = await ProcessPool.StartAsync(processes: 3, connect);
var queue = await manager.CreateQueueAsync<int>();

_ = pool.ApplyAsync(Write, queue, Enumerable.Range(11, 5).ToArray());
_ = pool.ApplyAsync(Write, queue, Enumerable.Range(1, 5).ToArray());
_ = pool.ApplyAsync(Read, queue, 10);
pool.Close();
await pool.JoinAsync();

static void Write(ManagedQueue<int> queue, int[] numbers)
{
    foreach (var number in numbers)
        queue.Put(number);
}

static void Read(ManagedQueue<int> queue, int count)
{
    for (var i = 0; i < count; i++)
        Console.WriteLine($"get {queue.Get()}");
}
