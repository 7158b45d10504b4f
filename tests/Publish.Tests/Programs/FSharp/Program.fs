module Program

open System
open System.Threading.Tasks
open Actors

let factor = int (Environment.GetEnvironmentVariable "FACTOR" |> Option.ofObj |> Option.defaultValue "7")
let scale x = x * factor
let twice x = scale x + scale x

type Shape =
    abstract Area: int -> int

let square () =
    { new Shape with
        member _.Area x = x * factor }

type Cart(n: int) =
    member _.Price x = x * factor + n

let later (x: int) : Task<int> =
    task {
        do! Task.Yield()
        return x * factor
    }

let pool = ProcessPool.StartAsync(2).GetAwaiter().GetResult()
let three = seq { 1..3 }

let show (name: string) (run: unit -> int[]) =
    try
        printfn "%s: %A" name (run ())
    with e ->
        printfn "%s: %s" name (e.GetBaseException().Message)

show "lambda" (fun () -> pool.MapAsync((fun x -> x * factor), three).Result)
show "function" (fun () -> pool.MapAsync(scale, three).Result)
show "through another" (fun () -> pool.MapAsync((fun x -> twice x), three).Result)
show "interface" (fun () -> pool.MapAsync((fun x -> square().Area x), three).Result)
show "method" (fun () -> let cart = Cart 5 in pool.MapAsync(cart.Price, three).Result)
show "task" (fun () -> pool.MapAsync<int, int>(Func<int, Task<int>>(later), three).Result)
show "sequence" (fun () -> pool.MapAsync((fun x -> Seq.sum (seq { for i in 1..x -> i * factor })), three).Result)
show "other file" (fun () -> pool.MapAsync((fun x -> x + Settings.offset), three).Result)
show "class of other file" (fun () -> pool.MapAsync((fun x -> x + Settings.Limits.Most), three).Result)
show "argument" (fun () -> pool.StarMapAsync((fun x f -> x * f), seq { for x in 1..3 -> struct (x, factor) }).Result)
show "call" (fun () ->
    let sum =
        task {
            let! doubled = pool.ApplyAsync((fun x -> x * 2), 21)
            let! text = pool.ApplyAsync(fun () -> "hello")
            do! pool.ApplyAsync(fun () -> Threading.Thread.Yield() |> ignore)
            return [| doubled; text.Length |]
        }

    sum.Result)

show "failing call" (fun () ->
    let caught =
        task {
            try
                let! value = pool.ApplyAsync((fun x -> if x > 0 then failwith "why" else x), 1)
                return [| value |]
            with e ->
                return [| e.Message.Length |]
        }

    caught.Result)

show "none" (fun () -> pool.MapAsync((fun x -> x * 2), three).Result)
(pool :> IDisposable).Dispose()
