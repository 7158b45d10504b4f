Actors.Messages.Jobs.JobSpec? job = null;
Actors.JobContext? context = Actors.JobContext.Current;
System.Console.WriteLine($"{job} {context}");
